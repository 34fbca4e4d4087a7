-- Runs, and how each fares. Times are milliseconds since 1970; documents are JSON in ASCII.
create table run (
  id integer primary key,
  name text not null unique,
  version integer not null,
  state text not null,
  registered_at integer not null,
  heard_at integer not null,
  ended_at integer,
  observations integer not null,
  observation_bytes integer not null,
  document text not null
);

create index run_by_state on run (state, name);

create index run_by_end on run (ended_at, name) where ended_at is not null;

create table run_tag (
  run_id integer not null,
  name text not null,
  value text not null,
  value_hash integer not null,
  primary key (run_id, name)
) without rowid;

create index run_by_tag on run_tag (name, value_hash, run_id);

-- Where each series of a run stands: its newest observation.
create table series (
  run_id integer not null,
  layer text not null,
  reference text not null,
  undefined integer not null,
  latest text not null,
  primary key (run_id, layer, reference)
) without rowid;

-- The key is the order in which a history is read.
create table observation (
  run_id integer not null,
  attempt integer not null,
  step integer not null,
  layer text not null,
  reference text not null,
  document text not null,
  primary key (run_id, attempt, step, layer, reference)
) without rowid;

-- Runs that were deleted, and whose observations are still to be.
create table deleted_run (
  id integer primary key
);

-- Written now and then to see whether that can be done.
create table probe (
  id integer primary key,
  number integer not null
);
