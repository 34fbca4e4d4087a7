-- By what rules runs are stopped, and how often each has decided.
create table policy (
  id integer primary key,
  name text not null unique,
  document text not null,
  created_at integer not null,
  undecided integer not null,
  continued integer not null,
  stopped integer not null
);

-- How runs stood at the checkpoints of policies, and what came of it.
create table decision (
  policy_id integer not null,
  run_id integer not null,
  attempt integer not null,
  checkpoint real not null,
  bracket integer not null,
  step integer not null,
  value real not null,
  action text not null,
  place integer not null,
  peers integer not null,
  threshold real,
  reason text not null,
  decided_at integer not null,
  primary key (policy_id, run_id, attempt, checkpoint)
) without rowid;

create index decision_by_checkpoint on decision (policy_id, bracket, checkpoint, decided_at, run_id, attempt, value);

create index decision_by_time on decision (policy_id, decided_at, run_id, attempt, checkpoint);

create index decision_by_run on decision (run_id);
