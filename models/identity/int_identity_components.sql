-- One row per identifier: the component it belongs to, named by its smallest node.
{{ connected_components(ref('int_identity_links')) }}
