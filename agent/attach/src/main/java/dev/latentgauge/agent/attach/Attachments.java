package dev.latentgauge.agent.attach;

import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * For every class loader that has a DJL an {@link Attachment}, made with its first trainer; all are
 * told of everything else, and each knows its own trainers and blocks.
 *
 * <p>An attachment is held by its DJL's class of trainers, and here weakly: it would keep the
 * program's class loader, which a server that takes an application out wants to lose.
 */
final class Attachments implements DjlEvents {

  private final Path settings;
  private final String text;
  private final boolean isStrict;
  private final URL jar;
  private final AtomicInteger runs = new AtomicInteger();

  private final ClassValue<DjlEvents> byTrainers =
      new ClassValue<>() {
        @Override
        protected DjlEvents computeValue(Class<?> trainers) {
          return open(trainers.getClassLoader());
        }
      };

  private final List<WeakReference<DjlEvents>> all = new CopyOnWriteArrayList<>();
  private volatile boolean isBlind;
  private volatile boolean hasFailed;

  /**
   * None yet.
   *
   * @param settings the file of the settings
   * @param text what it says, without mistakes
   * @param isStrict whether a program ends rather than that it trains without a monitor
   * @param jar where the agent's classes are
   */
  Attachments(Path settings, String text, boolean isStrict, URL jar) {
    this.settings = settings;
    this.text = text;
    this.isStrict = isStrict;
    this.jar = jar;
  }

  /** Takes that a class of DJL could not be changed. */
  void areBlind() {
    isBlind = true;
  }

  @Override
  public Object trainingBegins(Class<?> trainers, Object model, Object config) {
    DjlEvents attachment;
    try {
      attachment = of(trainers);
    } catch (Throwable e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      hasFailed = true;
      String reason = Failure.reason(cause);
      Console.say("a training is not monitored: " + reason);
      if (isStrict) {
        throw new NotMonitoredException(reason, cause);
      }
      return config;
    }
    return attachment.trainingBegins(trainers, model, config);
  }

  private synchronized DjlEvents of(Class<?> trainers) {
    return byTrainers.get(trainers);
  }

  private DjlEvents open(ClassLoader djl) {
    try {
      DjlEvents opened =
          (DjlEvents)
              new IsolatedLoader(jar, djl, DjlEvents.class)
                  .loadClass(Attachments.class.getPackageName() + ".Attachment")
                  .getMethod("open", Path.class, String.class, IntSupplier.class)
                  .invoke(null, settings, text, (IntSupplier) runs::incrementAndGet);
      all.removeIf(each -> each.get() == null);
      all.add(new WeakReference<>(opened));
      return opened;
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void initialized(Object trainer) {
    tell(each -> each.initialized(trainer));
  }

  @Override
  public void passBegins(Object trainer) {
    tell(each -> each.passBegins(trainer));
  }

  @Override
  public void evaluates(Object trainer, Object inputs) {
    tell(each -> each.evaluates(trainer, inputs));
  }

  @Override
  public void stepBegins(Object trainer) {
    tell(each -> each.stepBegins(trainer));
  }

  @Override
  public void answered(Object block, Object output) {
    tell(each -> each.answered(block, output));
  }

  @Override
  public boolean fitBegins(Object trainer) {
    return attachments().allMatch(each -> each.fitBegins(trainer));
  }

  @Override
  public void fitEnds(Object trainer) {
    tell(each -> each.fitEnds(trainer));
  }

  @Override
  public boolean endsQuietly(Object trainer, Throwable exception) {
    return attachments().anyMatch(each -> each.endsQuietly(trainer, exception));
  }

  @Override
  public void processEnds() {
    if (all.isEmpty() && !hasFailed) {
      String reason = isBlind ? "trainers of DJL cannot be seen" : "no trainer of DJL was made";
      Console.say(reason + ", nothing was monitored");
    }
    tell(DjlEvents::processEnds);
  }

  /** Walked at every block's forward pass, so no stream. */
  private void tell(Consumer<DjlEvents> event) {
    for (WeakReference<DjlEvents> each : all) {
      DjlEvents attachment = each.get();
      if (attachment != null) {
        event.accept(attachment);
      }
    }
  }

  private Stream<DjlEvents> attachments() {
    return all.stream().flatMap(each -> Stream.ofNullable(each.get()));
  }
}
