package dev.latentgauge.agent.attach;

import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * A place where DJL's changed methods call a function: a static field of a class that is made in
 * {@code java.lang}.
 *
 * <p>There every class loader finds it, also one that does not look into the class path. A jar that
 * is appended to the boot loader's search path would be found as well, but would cost the virtual
 * machine its shared archive of classes: it starts slower then, and says so.
 */
enum Hook {
  /** Takes the class of trainers, a model and a configuration; answers the configuration to use. */
  TRAINING(UnaryOperator.class, "apply", "(Ljava/lang/Object;)Ljava/lang/Object;"),
  /** Takes a trainer whose parameters have got their first values. */
  INITIALIZED(Consumer.class, "accept", "(Ljava/lang/Object;)V"),
  /** Takes a trainer that is about to go through a data set. */
  PASS(Consumer.class, "accept", "(Ljava/lang/Object;)V"),
  /** Takes a trainer and the inputs that it is about to evaluate. */
  EVALUATION(BiConsumer.class, "accept", "(Ljava/lang/Object;Ljava/lang/Object;)V"),
  /** Takes a trainer that is about to update its parameters. */
  STEP(Consumer.class, "accept", "(Ljava/lang/Object;)V"),
  /** Takes a block and what it answers. */
  FORWARD(BiConsumer.class, "accept", "(Ljava/lang/Object;Ljava/lang/Object;)V"),
  /** Takes a trainer that is about to be fitted; answers whether it shall be. */
  FIT(Predicate.class, "test", "(Ljava/lang/Object;)Z"),
  /** Takes a trainer whose fit has come to its end. */
  FITTED(Consumer.class, "accept", "(Ljava/lang/Object;)V"),
  /**
   * Takes a trainer and what its fit throws; answers whether the fit shall end as if it did not.
   */
  THROWN(BiPredicate.class, "test", "(Ljava/lang/Object;Ljava/lang/Object;)Z");

  private static final String CLASS = "java/lang/$Latentgauge";

  private final Class<?> type;
  private final String method;
  private final String descriptor;

  Hook(Class<?> type, String method, String descriptor) {
    this.type = type;
    this.method = method;
    this.descriptor = descriptor;
  }

  /** Makes the class, and lets its functions tell what they are told. */
  static void define(Instrumentation instrumentation, DjlEvents events)
      throws ReflectiveOperationException {
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of(),
        Map.of("java.lang", Set.of(Hook.class.getModule())),
        Set.of(),
        Map.of());
    Class<?> hooks =
        MethodHandles.privateLookupIn(Object.class, MethodHandles.lookup()).defineClass(bytes());
    for (Hook hook : values()) {
      hooks.getField(hook.name()).set(null, hook.function(events));
    }
  }

  private static byte[] bytes() {
    ClassWriter writer = new ClassWriter(0);
    int access = Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL | Opcodes.ACC_SYNTHETIC;
    writer.visit(Opcodes.V17, access, CLASS, null, "java/lang/Object", null);
    for (Hook hook : values()) {
      int field = Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC | Opcodes.ACC_VOLATILE;
      writer.visitField(field, hook.name(), Type.getDescriptor(hook.type), null, null).visitEnd();
    }
    writer.visitEnd();
    return writer.toByteArray();
  }

  private Object function(DjlEvents events) {
    return switch (this) {
      case TRAINING ->
          (UnaryOperator<Object>)
              arguments -> {
                Object[] all = (Object[]) arguments;
                return events.trainingBegins((Class<?>) all[0], all[1], all[2]);
              };
      case INITIALIZED -> (Consumer<Object>) events::initialized;
      case PASS -> (Consumer<Object>) events::passBegins;
      case EVALUATION -> (BiConsumer<Object, Object>) events::evaluates;
      case STEP -> (Consumer<Object>) events::stepBegins;
      case FORWARD -> (BiConsumer<Object, Object>) events::answered;
      case FIT -> (Predicate<Object>) events::fitBegins;
      case FITTED -> (Consumer<Object>) events::fitEnds;
      case THROWN -> (BiPredicate<Object, Throwable>) events::endsQuietly;
    };
  }

  /** Writes the code that puts the function on the stack. */
  void load(MethodVisitor code) {
    code.visitFieldInsn(Opcodes.GETSTATIC, CLASS, name(), Type.getDescriptor(type));
  }

  /** Writes the call of the function, which is on the stack with its arguments. */
  void call(MethodVisitor code) {
    code.visitMethodInsn(
        Opcodes.INVOKEINTERFACE, Type.getInternalName(type), method, descriptor, true);
  }
}
