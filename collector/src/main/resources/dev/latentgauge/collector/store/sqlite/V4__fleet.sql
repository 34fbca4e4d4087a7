-- What the history comes to, in one row. Whoever changes the history holds this row from before it reads what it
-- decides by until it has committed, so that all changes have one order, whoever makes them. Later migrations begin
-- by locking it.
create table books (
  id integer primary key,
  changes integer not null,
  accepted integer not null,
  expired integer not null,
  live_runs integer not null,
  live_series integer not null,
  runs integer not null,
  observations integer not null,
  sketches integer not null,
  bytes integer not null
);

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
  number integer primary key,
  run text not null,
  deleted integer not null,
  layer text,
  probes text,
  step integer
);
