package dev.latentgauge.agent.attach;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Changes the three classes of DJL by which a training can be followed, while they are loaded.
 *
 * <p>A class of another name costs a look into a small map. Nothing is taken from a method: calls
 * are put before its first instruction and before its return, and, around the fit of a trainer,
 * what it throws is looked at.
 */
final class DjlClasses implements ClassFileTransformer {

  static final String CONFIG = "ai/djl/training/TrainingConfig";
  static final String TRAINER = "ai/djl/training/Trainer";
  static final String DATASET = "ai/djl/training/dataset/Dataset";
  private static final String ARRAYS = "ai/djl/ndarray/NDList";

  /** What is changed: by the name of a class, names and descriptors of methods. */
  private static final Map<String, Map<String, Change>> CHANGES =
      Map.of(
          TRAINER,
          Map.of(
              "<init>(Lai/djl/Model;L" + CONFIG + ";)V",
              MethodChanges.TrainingBegins::new,
              "initialize([Lai/djl/ndarray/types/Shape;)V",
              code -> new MethodChanges.Ends(code, Hook.INITIALIZED),
              "iterateDataset(L" + DATASET + ";)Ljava/lang/Iterable;",
              code -> new MethodChanges.Begins(code, Hook.PASS, 1),
              "evaluate(L" + ARRAYS + ";)L" + ARRAYS + ";",
              code -> new MethodChanges.Begins(code, Hook.EVALUATION, 2),
              "step()V",
              code -> new MethodChanges.Begins(code, Hook.STEP, 1)),
          "ai/djl/nn/AbstractBaseBlock",
          Map.of(
              "forward(Lai/djl/training/ParameterStore;L"
                  + ARRAYS
                  + ";ZLai/djl/util/PairList;)L"
                  + ARRAYS
                  + ";",
              MethodChanges.ForwardEnds::new),
          "ai/djl/training/EasyTrain",
          Map.of(
              "fit(L" + TRAINER + ";IL" + DATASET + ";L" + DATASET + ";)V",
              MethodChanges.Fit::new));

  private final Instrumentation instrumentation;
  private final Attachments attachments;
  private boolean hasHooks;

  /** A change of one method. */
  private interface Change {
    MethodVisitor of(MethodVisitor code);
  }

  /**
   * Changes nothing yet.
   *
   * @param instrumentation makes the class of the hooks once there is a DJL, and not before
   * @param attachments are told
   */
  DjlClasses(Instrumentation instrumentation, Attachments attachments) {
    this.instrumentation = instrumentation;
    this.attachments = attachments;
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] bytes) {
    Map<String, Change> changes = name == null ? null : CHANGES.get(name);
    if (changes == null) {
      return null;
    }
    try {
      byte[] changed = changed(changes, bytes);
      makeHooks();
      return changed;
    } catch (Throwable e) {
      attachments.areBlind();
      Console.say(
          "the class "
              + name
              + " of DJL cannot be changed, trainings are monitored in part or not at all: "
              + e);
      return null;
    }
  }

  private synchronized void makeHooks() throws ReflectiveOperationException {
    if (!hasHooks) {
      Hook.define(instrumentation, attachments);
      hasHooks = true;
    }
  }

  /** Changes all methods, or none. */
  private static byte[] changed(Map<String, Change> changes, byte[] bytes) {
    ClassReader reader = new ClassReader(bytes);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    Set<String> missing = new TreeSet<>(changes.keySet());
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public MethodVisitor visitMethod(
              int access,
              String name,
              String descriptor,
              @Nullable String signature,
              String @Nullable [] exceptions) {
            MethodVisitor code = super.visitMethod(access, name, descriptor, signature, exceptions);
            Change change = changes.get(name + descriptor);
            missing.remove(name + descriptor);
            return change == null ? code : change.of(code);
          }
        },
        ClassReader.EXPAND_FRAMES);
    if (!missing.isEmpty()) {
      throw new IllegalStateException("this version of DJL lacks " + String.join(", ", missing));
    }
    return writer.toByteArray();
  }
}
