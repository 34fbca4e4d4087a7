package dev.latentgauge.delivery;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes the thread that delivers: for work, in a hurry, or to stop. Thread-safe. */
final class Bell {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean rung;
  private boolean hurried;
  private boolean stopped;

  /** There is work. */
  void ring() {
    set(() -> rung = true);
  }

  /** Nothing more will come, and somebody waits: pauses are cut short from now on. */
  void hurry() {
    set(() -> hurried = true);
  }

  /** Nothing more is to be done. */
  void stop() {
    set(() -> stopped = true);
  }

  private void set(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isHurried() {
    lock.lock();
    try {
      return hurried;
    } finally {
      lock.unlock();
    }
  }

  boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for work, a hurry or the end. */
  void await() {
    lock.lock();
    try {
      while (!rung && !hurried && !stopped) {
        changed.awaitUninterruptibly();
      }
      rung = false;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits, whatever work there is.
   *
   * @param cuttable whether a hurry that begins meanwhile ends it
   */
  void pause(Duration time, boolean cuttable) {
    lock.lock();
    try {
      boolean before = hurried;
      long left = time.toNanos();
      while (left > 0 && !stopped && (!cuttable || hurried == before)) {
        try {
          left = changed.awaitNanos(left);
        } catch (InterruptedException e) {
          // Nobody has a reason to interrupt this thread; who wants it to end says so.
          left = 0;
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
