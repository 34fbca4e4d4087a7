-- By what rules runs are stopped, and how often each has decided.
create table policy (
  id bigint primary key,
  name text collate "C" not null unique,
  document text not null,
  created_at bigint not null,
  undecided bigint not null,
  continued bigint not null,
  stopped bigint not null
);

-- How runs stood at the checkpoints of policies, and what came of it.
create table decision (
  policy_id bigint not null,
  run_id bigint not null,
  attempt integer not null,
  checkpoint double precision not null,
  bracket integer not null,
  step bigint not null,
  value double precision not null,
  action text collate "C" not null,
  place integer not null,
  peers integer not null,
  threshold double precision,
  reason text not null,
  decided_at bigint not null,
  primary key (policy_id, run_id, attempt, checkpoint)
);

create index decision_by_checkpoint on decision (policy_id, bracket, checkpoint, decided_at, run_id, attempt, value);

create index decision_by_time on decision (policy_id, decided_at, run_id, attempt, checkpoint);

create index decision_by_run on decision (run_id);
