-- Messages of the topic as they came, one row each; nothing is judged and nothing is lost here.
{{ config(
    topic=var('events_topic'),
    format='json',
    include=['partition', 'offset', 'timestamp', 'key', 'headers'],
    extract=var('event_fields')
) }}

{{ source_ddl(var('events_topic')) }}
