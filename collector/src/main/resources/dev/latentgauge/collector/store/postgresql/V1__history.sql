-- Runs, and how each fares. Times are milliseconds since 1970; documents are JSON in ASCII.
-- Names are compared byte by byte, as the collector does.
create table run (
  id bigint primary key,
  name text collate "C" not null unique,
  version bigint not null,
  state text collate "C" not null,
  registered_at bigint not null,
  heard_at bigint not null,
  ended_at bigint,
  observations bigint not null,
  observation_bytes bigint not null,
  document text not null
);

create index run_by_state on run (state, name);

create index run_by_end on run (ended_at, name) where ended_at is not null;

create table run_tag (
  run_id bigint not null,
  name text collate "C" not null,
  value text collate "C" not null,
  value_hash integer not null,
  primary key (run_id, name)
);

create index run_by_tag on run_tag (name, value_hash, run_id);

-- Where each series of a run stands: its newest observation.
create table series (
  run_id bigint not null,
  layer text collate "C" not null,
  reference text collate "C" not null,
  undefined bigint not null,
  latest text not null,
  primary key (run_id, layer, reference)
);

-- The key is the order in which a history is read.
create table observation (
  run_id bigint not null,
  attempt integer not null,
  step bigint not null,
  layer text collate "C" not null,
  reference text collate "C" not null,
  document text not null,
  primary key (run_id, attempt, step, layer, reference)
);

-- Runs that were deleted, and whose observations are still to be.
create table deleted_run (
  id bigint primary key
);

-- Written now and then to see whether that can be done.
create table probe (
  id bigint primary key,
  number bigint not null
);
