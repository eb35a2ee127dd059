-- story: a foreign key to the same table deletes down the tree
-- covers: foreign key, self join, cascade delete
-- tables
create table nodes (node_id int primary key, parent_id int references nodes on delete cascade, x int);
-- view: pairs
select c.node_id, p.x from nodes as c join nodes as p on p.node_id = c.parent_id;
-- view: sums
select parent_id, sum(x) as total, max(x) as most from nodes group by parent_id;
-- step: a tree
insert into nodes values (1, null, 1), (2, 1, 2), (3, 2, 3), (4, 2, 4), (5, null, 5);
-- step: a branch goes
delete from nodes where node_id = 2;
-- expect: sums
values (null::int, 6::bigint, 5);
