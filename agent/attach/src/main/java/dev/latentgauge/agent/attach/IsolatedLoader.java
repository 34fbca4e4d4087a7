package dev.latentgauge.agent.attach;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Enumeration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Loads the agent's classes from its jar, whatever the parent has of the same names, and all other
 * classes from the parent; but of the agent's classes those that are shared are as they are given.
 *
 * <p>All that is in the jar has names of our own, as other people's classes have been moved, see
 * the module's build file.
 */
final class IsolatedLoader extends URLClassLoader {

  static {
    ClassLoader.registerAsParallelCapable();
  }

  private static final String OWN = "dev.latentgauge.";

  private final Map<String, Class<?>> shared;

  IsolatedLoader(URL jar, @Nullable ClassLoader parent, Class<?>... shared) {
    super("latentgauge", new URL[] {jar}, parent);
    this.shared = Stream.of(shared).collect(Collectors.toMap(Class::getName, each -> each));
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OWN)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = shared.getOrDefault(name, findLoadedClass(name));
      return known == null ? findClass(name) : known;
    }
  }

  @Override
  public @Nullable URL getResource(String name) {
    URL own = findResource(name);
    return own == null ? super.getResource(name) : own;
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    Enumeration<URL> own = findResources(name);
    return own.hasMoreElements() ? own : super.getResources(name);
  }
}
