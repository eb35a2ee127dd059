-- section: Rows and joins
-- construct: filter, projection
-- view
select id, x + 1 as next from t where x > 1
-- by: Bag
-- construct: a table without a key
-- view
select g, word from k where x > 1
-- by: KeylessBag
-- construct: inner join on equality
-- view
select t.id, u.id as other, u.y from t join u on u.g = t.g
-- by: Bag
-- construct: USING
-- view
select id, t.g, u.y from t join u using (id)
-- by: Bag
-- construct: NATURAL JOIN
-- view
select id, g, x, y from t natural join u
-- by: Bag
-- construct: join on expressions
-- view
select t.id, u.id as other from t join u on u.g + 1 = t.x * 2
-- by: Bag
-- construct: join on row values
-- view
select t.id, u.id as other from t join u on (u.g, u.y) = (t.g, t.x)
-- by: Bag
-- construct: join of many tables
-- view
select t.id, u.id as other, k.word from t join u on u.g = t.g join k on k.x = u.y join t as v on v.id = k.x
-- by: KeylessBag
-- construct: self join
-- view
select a.id, b.id as other from t as a join t as b on b.g = a.g and b.id > a.id
-- by: Bag
-- construct: LEFT JOIN
-- view
select t.id, u.id as other, u.y from t left join u on u.g = t.g and u.y > 1
-- by: Bag
-- construct: RIGHT JOIN
-- view
select t.id, u.id as other from t right join u on u.id = t.x
-- by: Bag
-- construct: FULL JOIN
-- view
select t.id, u.id as other from t full join u on u.g = t.g
-- by: KeylessBag
-- construct: CROSS JOIN
-- view
select t.id, u.id as other from t cross join u
-- by: Bag
-- construct: join without equality
-- view
select t.id, u.id as other from t join u on u.y < t.x
-- by: Bag
-- construct: LEFT JOIN without equality
-- view
select t.id, u.id as other from t left join u on u.y between t.x - 1 and t.x
-- by: Bag
-- construct: LATERAL subquery
-- view
select t.id, l.y from t cross join lateral (select u.y from u where u.g = t.g and u.y > t.x) as l
-- by: Bag
-- construct: LEFT JOIN LATERAL, aggregated
-- view
select t.id, l.n from t left join lateral (select count(*) as n from u where u.g = t.g) as l on true
-- by: Aggregate, Bag
-- construct: TABLESAMPLE
-- view
select id from t tablesample system (10)
-- error
TABLESAMPLE cannot be maintained
-- hint
filter by a hash of the key
-- construct: FOR UPDATE
-- view
select id from t for update
-- error
FOR UPDATE cannot be maintained
-- hint
leave it out
