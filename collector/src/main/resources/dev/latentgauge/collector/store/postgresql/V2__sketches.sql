-- What runs send along to be compared with each other; of each layer and probe set the newest.
create table sketch (
  run_id bigint not null,
  layer text collate "C" not null,
  probes text collate "C" not null,
  attempt integer not null,
  step bigint not null,
  epoch double precision,
  time text collate "C" not null,
  received_at bigint not null,
  probe_count integer not null,
  anchor_count integer not null,
  digest text collate "C" not null,
  content bytea not null,
  primary key (run_id, layer, probes)
);

create index sketch_by_group on sketch (layer, probes, received_at, run_id);

alter table run add column sketches bigint not null default 0;

alter table run add column sketch_bytes bigint not null default 0;
