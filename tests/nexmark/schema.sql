-- Nexmark: persons open auctions, persons bid. A bid has no key, as in the original.
create table person (
    id bigint primary key,
    name text not null,
    email text,
    credit_card text,
    city text,
    state text,
    date_time timestamp not null,
    extra text
);
create table auction (
    id bigint primary key,
    item_name text,
    description text,
    initial_bid bigint,
    reserve bigint,
    date_time timestamp not null,
    expires timestamp not null,
    seller bigint not null,
    category bigint not null,
    extra text
);
create table bid (
    auction bigint not null,
    bidder bigint not null,
    price bigint not null,
    channel text,
    url text,
    date_time timestamp not null,
    extra text
);
create table side_input (key bigint primary key, value text not null);
