-- Every profile has an identifier, and the user_id, email and phone it shows are among them.

with

shown as (

    select
        profile_id,
        'user_id' as identifier_type,
        user_id as identifier_value
    from {{ ref('profiles') }}
    union all
    select
        profile_id,
        'email',
        email
    from {{ ref('profiles') }}
    union all
    select
        profile_id,
        'phone',
        phone
    from {{ ref('profiles') }}

)

select
    shown.profile_id,
    shown.identifier_type
from shown
where
    not exists (
        select 1
        from {{ ref('identifiers') }} as identifiers
        where
            identifiers.profile_id = shown.profile_id
            and (
                shown.identifier_value is null
                or (
                    identifiers.identifier_type = shown.identifier_type
                    and identifiers.identifier_value = shown.identifier_value
                )
            )
    )
