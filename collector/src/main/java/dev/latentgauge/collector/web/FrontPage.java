package dev.latentgauge.collector.web;

/** What a person sees who opens the collector in a browser. */
final class FrontPage {

  private FrontPage() {}

  static String text(String version) {
    return """
        Latentgauge collector %s

        GET    /v1/runs                      runs by name: ?state=&prefix=&tag=NAME:VALUE&limit=1..1000&cursor=
        GET    /v1/runs/{run}                a run and its newest observations
        PUT    /v1/runs/{run}                registers or updates a run
        DELETE /v1/runs/{run}                deletes a run and its observations
        GET    /v1/runs/{run}/observations   its history: ?layer=&reference=&limit=1..1000&cursor=
        POST   /v1/runs/{run}/observations   reports observations
        POST   /v1/runs/{run}/embeddings     scores embeddings: ?reference=&layer=&step=&epoch=&attempt=&time=
        POST   /v1/runs/{run}/end            ends a run: {"state": "completed"}, or stopped or failed
        PUT    /v1/runs/{run}/directive      tells a run {"action": "stop"} or continue, in the answers to its reports
        GET    /v1/references                references by name: ?limit=1..1000&cursor=
        GET    /v1/references/{reference}    its file; with Accept: application/json what is in it
        PUT    /v1/references/{reference}    keeps a reference, or makes one of embeddings: ?profile=&model=&layer=
        DELETE /v1/references/{reference}    deletes it
        GET    /v1/session                   who is signed in
        POST   /v1/session                   signs a browser in by a token
        DELETE /v1/session                   signs it out
        GET    /v1/events                    changes of runs as they happen, for an EventSource: ?run=&prefix=
        GET    /metrics                      for Prometheus: ?name[]=
        GET    /health/live                  whether it works
        GET    /health/ready                 whether reports are welcome now
        GET    /openapi.yaml                 all of this, for programs
        GET    /                             this page
        """
        .formatted(version);
  }
}
