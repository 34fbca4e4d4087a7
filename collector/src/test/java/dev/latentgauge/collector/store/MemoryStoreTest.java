package dev.latentgauge.collector.store;

import dev.latentgauge.collector.run.RunListener;

class MemoryStoreTest extends StoreContract {

  @Override
  Store open(Capacity capacity, RunListener listener) {
    return new MemoryStore(capacity, listener);
  }
}
