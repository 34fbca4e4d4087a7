package dev.latentgauge.agent.attach;

import ai.djl.training.TrainingConfig;
import ai.djl.training.listener.TrainingListener;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.AbstractList;
import java.util.List;

/**
 * A training configuration that is another in all but that it has one listener more, behind those
 * that the other has now and will have.
 *
 * <p>A proxy, and no class that implements the interface: other versions of DJL have other methods
 * in it.
 */
final class AttachedConfig {

  private AttachedConfig() {}

  static TrainingConfig of(TrainingConfig config, TrainingListener listener) {
    return (TrainingConfig)
        Proxy.newProxyInstance(
            AttachedConfig.class.getClassLoader(),
            new Class<?>[] {TrainingConfig.class},
            (proxy, method, arguments) -> {
              try {
                Object answer = method.invoke(config, arguments);
                return method.getName().equals("getTrainingListeners")
                    ? new OneMore((List<?>) answer, listener)
                    : answer;
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
            });
  }

  private static final class OneMore extends AbstractList<Object> {

    private final List<?> others;
    private final TrainingListener listener;

    OneMore(List<?> others, TrainingListener listener) {
      this.others = others;
      this.listener = listener;
    }

    @Override
    public Object get(int index) {
      return index == others.size() ? listener : others.get(index);
    }

    @Override
    public int size() {
      return others.size() + 1;
    }
  }
}
