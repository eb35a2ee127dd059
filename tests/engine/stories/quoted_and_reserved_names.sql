-- story: names with spaces, quotes, capitals, unicode and reserved words
-- covers: identifiers, group by, inner join
-- tables
create table "Order ""Lines""" ("select" int primary key, "Größe in cm" int, "from" text, "user" text, "a'b" int, "$1" int);
create table "group" ("from" text, "ключ" text);
-- view: Profile "x"
select l."from" as "where", g."ключ" as "Ключ", count(*) as "count", sum(l."Größe in cm") as "sum ""cm""", max(l."a'b") as "a'b",
    min(l."$1") as "$1", max(l."user") as "user"
from "Order ""Lines""" as l join "group" as g on g."from" = l."from"
group by l."from", g."ключ";
-- view: end
select "where" as "order", "Ключ" as "table" from "Profile ""x""" where "count" > 1;
-- step: rows
insert into "Order ""Lines""" values (1, 170, 'x', 'u', 5, 1), (2, 180, 'x', null, 6, 2), (3, 1, 'y', 'v', 7, 3);
insert into "group" values ('x', 'да'), ('y', E'it''s \\ $penstock$');
-- step: some change
update "Order ""Lines""" set "from" = 'y' where "select" = 1;
delete from "group" where "from" = 'x';
