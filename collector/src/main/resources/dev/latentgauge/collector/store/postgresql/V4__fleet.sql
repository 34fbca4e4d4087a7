-- What the history comes to, in one row. Whoever changes the history holds this row from before it reads what it
-- decides by until it has committed, so that all changes have one order, whoever makes them. Later migrations begin
-- by locking it.
create table books (
  id bigint primary key,
  changes bigint not null,
  accepted bigint not null,
  expired bigint not null,
  live_runs bigint not null,
  live_series bigint not null,
  runs bigint not null,
  observations bigint not null,
  sketches bigint not null,
  bytes bigint not null
) with (fillfactor = 10);

insert into books (id, changes, accepted, expired, live_runs, live_series, runs, observations, sketches, bytes)
select
  1,
  0,
  coalesce(sum(observations), 0),
  0,
  coalesce(sum(case when state = 'live' then 1 else 0 end), 0),
  (select count(*) from series join run on run.id = run_id and state = 'live'),
  count(*),
  coalesce(sum(observations), 0),
  coalesce(sum(sketches), 0),
  500 * count(*) + 1000 * (select count(*) from series)
    + coalesce(sum(observation_bytes + sketch_bytes + length(document)), 0)
from run;

-- The newest changes, numbered without gaps: a run that is not as it was, or is gone, or a sketch of it that is new.
create table change (
  number bigint primary key,
  run text collate "C" not null,
  deleted integer not null,
  layer text collate "C",
  probes text collate "C",
  step bigint
);

-- References, which all collectors keep a copy of. A number is never used again.
create table reference_file (
  number bigint generated always as identity primary key,
  name text collate "C" not null unique,
  document text not null
);

create table reference_part (
  number bigint not null,
  part integer not null,
  content bytea not null,
  primary key (number, part)
);

alter table reference_part alter column content set storage external;
