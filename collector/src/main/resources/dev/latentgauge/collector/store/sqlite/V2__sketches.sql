-- What runs send along to be compared with each other; of each layer and probe set the newest.
create table sketch (
  run_id integer not null,
  layer text not null,
  probes text not null,
  attempt integer not null,
  step integer not null,
  epoch real,
  time text not null,
  received_at integer not null,
  probe_count integer not null,
  anchor_count integer not null,
  digest text not null,
  content blob not null,
  primary key (run_id, layer, probes)
);

create index sketch_by_group on sketch (layer, probes, received_at, run_id);

alter table run add column sketches integer not null default 0;

alter table run add column sketch_bytes integer not null default 0;
