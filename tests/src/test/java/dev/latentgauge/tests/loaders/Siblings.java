package dev.latentgauge.tests.loaders;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Runs a program several times at once, each with a DJL of its own, and says whether the class
 * loaders could be lost afterwards: {@code CLASS_PATH MAIN_CLASS MODEL...}, a run a model.
 *
 * <p>The virtual machine loads a native library for one class loader only. So the two classes that
 * stand before PyTorch's, which speak of numbers alone, are in a parent of all.
 */
public final class Siblings {

  private static final String NATIVE = "ai.djl.pytorch.jni.PyTorchLibrary";
  private static final String LIBRARIES = "ai.djl.pytorch.jni.LibUtils";
  private static final int MOST_COLLECTIONS = 20;

  private Siblings() {}

  /** Runs them. */
  public static void main(String[] arguments) throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : arguments[0].split(File.pathSeparator, -1)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    URL[] classPath = urls.toArray(URL[]::new);
    List<String> models = List.of(arguments).subList(2, arguments.length);
    System.out.println("class loaders left: " + left(runAll(classPath, arguments[1], models)));
  }

  private static List<WeakReference<ClassLoader>> runAll(
      URL[] classPath, String main, List<String> models) throws Exception {
    ClassLoader natives = new Natives(classPath);
    // Threads that the libraries start keep the class loader of the thread that starts them.
    Thread.currentThread().setContextClassLoader(natives);
    natives.loadClass("ai.djl.engine.Engine").getMethod("getInstance").invoke(null);
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (String model : models) {
      ClassLoader loader = new Sibling(classPath, natives);
      loaders.add(new WeakReference<>(loader));
      Thread thread = new Thread(() -> run(loader, main, model), model);
      thread.setContextClassLoader(loader);
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return loaders;
  }

  private static void run(ClassLoader loader, String main, String model) {
    try {
      loader
          .loadClass(main)
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[] {"FIT", "1", "7", model});
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Java keeps the types of the record whose equality it has derived last. */
  private record Newest(String value) {}

  private static long left(List<WeakReference<ClassLoader>> loaders) throws InterruptedException {
    if (!new Newest("").equals(new Newest("")) || new Newest("").hashCode() != "".hashCode()) {
      throw new IllegalStateException("not a record");
    }
    for (int i = 0; i < MOST_COLLECTIONS; i++) {
      System.gc();
      if (loaders.stream().allMatch(loader -> loader.get() == null)) {
        return 0;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return loaders.stream().filter(loader -> loader.get() != null).count();
  }

  /** Has what the siblings share, made public. */
  private static final class Natives extends URLClassLoader {

    Natives(URL[] classPath) {
      super(classPath, ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (!name.equals(NATIVE)) {
        return super.findClass(name);
      }
      try (InputStream in = getResourceAsStream(NATIVE.replace('.', '/') + ".class")) {
        byte[] bytes = published(new ClassReader(in));
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }

    private static byte[] published(ClassReader reader) {
      ClassWriter writer = new ClassWriter(0);
      reader.accept(
          new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public void visit(
                int version,
                int access,
                String name,
                @Nullable String signature,
                String superName,
                String[] interfaces) {
              int open = access | Opcodes.ACC_PUBLIC;
              super.visit(version, open, name, signature, superName, interfaces);
            }

            @Override
            public FieldVisitor visitField(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                @Nullable Object value) {
              return super.visitField(published(access), name, descriptor, signature, value);
            }

            @Override
            public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
              return super.visitMethod(published(access), name, descriptor, signature, exceptions);
            }
          },
          0);
      return writer.toByteArray();
    }

    private static int published(int access) {
      return (access & ~(Opcodes.ACC_PRIVATE | Opcodes.ACC_PROTECTED)) | Opcodes.ACC_PUBLIC;
    }
  }

  /** Loads everything itself, but what only one can have. */
  private static final class Sibling extends URLClassLoader {

    private final ClassLoader natives;

    Sibling(URL[] classPath, ClassLoader natives) {
      super(classPath, ClassLoader.getPlatformClassLoader());
      this.natives = natives;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      return name.equals(NATIVE) || name.equals(LIBRARIES)
          ? natives.loadClass(name)
          : super.findClass(name);
    }
  }
}
