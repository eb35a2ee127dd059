-- story: what may raise is computed once where every row computes it, and never for other rows
-- covers: filter, expressions, cast
-- random: random values are no numbers, which the SELECT raises at too
-- tables
create table readings (id int primary key, unit text, value text);
create view read_all as
select id, value, '{}'::text[] || array[case when unit = 'n' then (value::int + 1)::text end, unit || ':'] as words
from readings;
create view read_numbers as
select id, '{}'::text[] || array[(value::int + 1)::text, lower(unit) || '.'] as words
from readings where lower(unit) <> 'text' and lower(unit) = unit;
-- view: all_words
select id, words, cardinality(words) as n, case when cardinality(words) = 2 then value end as value from read_all;
-- view: numbers
select id, words, array_to_string(words, ' ') as line, case when cardinality(words) = 2 then 'two' end as n from read_numbers;
-- step: what is no number is asked for by none
insert into readings values (1, 'n', '4'), (2, 'text', 'four'), (3, null, 'none'), (4, 'N', 'iv');
-- expect: numbers
values (1, array['5', 'n.'], '5 n.', 'two');
-- step: it changes its unit
update readings set unit = 'm', value = '7' where id = 2;
-- expect: numbers
values (1, array['5', 'n.'], '5 n.', 'two'), (2, array['8', 'm.'], '8 m.', 'two');
-- step: and one that is counted is no number
insert into readings values (5, 'm', 'v');
-- error: invalid input syntax for type integer: "v"
