{{ config(materialized='source', topic=var('topic'), format='json') }}

select '{{ var("topic") }}' as topic
