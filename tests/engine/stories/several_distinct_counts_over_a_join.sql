-- story: distinct counts over a join, with a filter
-- covers: count distinct, inner join, FILTER
-- tables
create table members (team int, person int);
create table visits (person int, page text);
-- view
select m.team, count(distinct v.page) as pages, count(distinct m.person) filter (where v.page <> 'home') as people, count(*) as rows
from members as m join visits as v on v.person = m.person group by m.team;
-- step: both sides
insert into members values (1, 1), (1, 2), (2, 1), (2, 1);
insert into visits values (1, 'home'), (1, 'home'), (2, 'news'), (1, 'news');
-- step: one leaves a team and visits a page at once
with m as (delete from members where team = 2 returning 1) insert into visits values (1, 'help');
-- step: pages renamed
update visits set page = 'home';
