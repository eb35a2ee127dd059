-- story: every ranking function, with ties
-- covers: window, row_number, rank, dense_rank, percent_rank, cume_dist, ntile
-- tables
create table scores (id int primary key, team text, score int);
-- view
select id, team, score,
    row_number() over (partition by team order by score desc nulls last, id) as number,
    rank() over w as rank, dense_rank() over w as dense, percent_rank() over w as percent,
    cume_dist() over w as share, ntile(2) over (partition by team order by score desc nulls last, id) as half
from scores
window w as (partition by team order by score desc nulls last);
-- step: some
insert into scores values (1, 'a', 5), (2, 'a', 7), (3, 'a', 5), (4, 'b', null), (5, 'b', 1), (6, null, 1);
-- step: a tie breaks
update scores set score = 6 where id = 3;
-- step: the best leaves
delete from scores where id = 2;
-- step: teams change
update scores set team = 'b' where team is null;
update scores set team = null where id = 1;
insert into scores select i, 'a', i % 3 from generate_series(10, 20) as i;
