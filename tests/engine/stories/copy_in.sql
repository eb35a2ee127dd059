-- story: rows come by COPY
-- covers: copy, group by, inner join
-- tables
create table t (id int, g text, x numeric);
create table names (g text, name text);
-- view
select t.id, t.x, n.name from t join names as n on n.g = t.g;
-- copy: names
a,Ada
b,Bob
-- copy: t (id, g, x)
1,a,1.50
2,b,
3,,3
1,a,1.50
-- expect
values (1, 1.50, 'Ada'), (2, null, 'Bob'), (1, 1.50, 'Ada');
