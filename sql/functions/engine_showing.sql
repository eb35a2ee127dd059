-- What a view has beside its SELECT, as the statements that give it back: see showing.py.

create or replace function penstock.engine_keeps(relation oid)
returns table (statement text, column_name text)
language plpgsql
stable
set search_path = pg_catalog
as $$
declare
    view constant text := (
        select format('%I.%I', n.nspname, c.relname)
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        where c.oid = relation
    );
begin
    return query
    select format('alter view %s set (%s)', view, string_agg(
        format('%I = %L', split_part(o, '=', 1), substr(o, strpos(o, '=') + 1)), ', '
    )), null
    from pg_class as c, unnest(c.reloptions) as o
    where c.oid = relation
    having count(*) > 0
    union all
    select
        format('alter view %s alter column %I set default %s',
            view, a.attname, pg_get_expr(d.adbin, d.adrelid)),
        a.attname::text
    from pg_attrdef as d
    join pg_attribute as a on a.attrelid = d.adrelid and a.attnum = d.adnum
    where d.adrelid = relation
    union all
    select
        case when d.objsubid = 0 then format('comment on view %s is %L', view, d.description)
            else format('comment on column %s.%I is %L', view, a.attname, d.description) end,
        a.attname::text
    from pg_description as d
    left join pg_attribute as a
        on a.attrelid = d.objoid and a.attnum = d.objsubid and d.objsubid <> 0
    where d.objoid = relation and d.classoid = 'pg_class'::regclass
    union all
    select pg_get_triggerdef(t.oid), null
    from pg_trigger as t
    where t.tgrelid = relation and not t.tgisinternal
    union all
    select pg_get_ruledef(r.oid), null
    from pg_rewrite as r
    where r.ev_class = relation and r.rulename <> '_RETURN'
    union all
    select
        format('grant %s%s on %s to %s%s', g.privilege_type, coalesce(' (' || quote_ident(g.attname) || ')', ''), view,
            case g.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end,
            case when g.is_grantable then ' with grant option' else '' end),
        g.attname
    from (
        select x.privilege_type, x.grantee, x.is_grantable, null::text as attname
        from pg_class as c, aclexplode(c.relacl) as x
        where c.oid = relation and x.grantee <> c.relowner
        union all
        select x.privilege_type, x.grantee, x.is_grantable, a.attname::text
        from pg_attribute as a
        join pg_class as c on c.oid = a.attrelid
        cross join lateral aclexplode(a.attacl) as x
        where a.attrelid = relation and not a.attisdropped and x.grantee <> c.relowner
    ) as g
    union all
    -- Last: whoever creates the view can no longer change it then.
    select format('alter view %s owner to %I', view, pg_get_userbyid(c.relowner)), null
    from pg_class as c
    where c.oid = relation and c.relowner <> current_user::regrole;
end
$$;

comment on function penstock.engine_keeps(oid) is
    'The statements that give a view, created anew, what it has beside its SELECT; and the column'
    ' that one is about.';

create or replace function penstock.engine_revokes(relation oid)
returns table (statement text)
language plpgsql
stable
set search_path = pg_catalog
as $$
begin
    return query
    select format('revoke all on %I.%I from %s', n.nspname, c.relname,
        case x.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(x.grantee)) end)
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    cross join lateral aclexplode(c.relacl) as x
    where c.oid = relation and x.grantee <> c.relowner
    group by n.nspname, c.relname, x.grantee;
end
$$;

comment on function penstock.engine_revokes(oid) is
    'The statements that take away what default privileges gave a view.';
