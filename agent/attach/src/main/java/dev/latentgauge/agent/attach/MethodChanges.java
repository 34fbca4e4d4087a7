package dev.latentgauge.agent.attach;

import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** What is put into methods of DJL. No stack map changes, but where a comment says so. */
final class MethodChanges {

  private MethodChanges() {}

  /** {@code config = TRAINING.apply(new Object[] {Trainer.class, model, config});} and the rest. */
  static final class TrainingBegins extends MethodVisitor {

    private static final int MODEL = 1;
    private static final int CONFIG = 2;

    TrainingBegins(MethodVisitor code) {
      super(Opcodes.ASM9, code);
    }

    @Override
    public void visitCode() {
      super.visitCode();
      Hook.TRAINING.load(this);
      visitInsn(Opcodes.ICONST_3);
      visitTypeInsn(Opcodes.ANEWARRAY, "java/lang/Object");
      put(Opcodes.ICONST_0, () -> visitLdcInsn(Type.getObjectType(DjlClasses.TRAINER)));
      put(Opcodes.ICONST_1, () -> visitVarInsn(Opcodes.ALOAD, MODEL));
      put(Opcodes.ICONST_2, () -> visitVarInsn(Opcodes.ALOAD, CONFIG));
      Hook.TRAINING.call(this);
      visitTypeInsn(Opcodes.CHECKCAST, DjlClasses.CONFIG);
      visitVarInsn(Opcodes.ASTORE, CONFIG);
    }

    private void put(int index, Runnable value) {
      visitInsn(Opcodes.DUP);
      visitInsn(index);
      value.run();
      visitInsn(Opcodes.AASTORE);
    }
  }

  /** {@code HOOK.accept(this, argument);} and the rest. */
  static final class Begins extends MethodVisitor {

    private final Hook hook;
    private final int arguments;

    /**
     * Changes a method.
     *
     * @param code what comes of it
     * @param hook what is called
     * @param arguments how many of the method's references are handed on, itself included
     */
    Begins(MethodVisitor code, Hook hook, int arguments) {
      super(Opcodes.ASM9, code);
      this.hook = hook;
      this.arguments = arguments;
    }

    @Override
    public void visitCode() {
      super.visitCode();
      hook.load(this);
      for (int i = 0; i < arguments; i++) {
        visitVarInsn(Opcodes.ALOAD, i);
      }
      hook.call(this);
    }
  }

  /** Before the return, {@code HOOK.accept(this);}. */
  static final class Ends extends MethodVisitor {

    private final Hook hook;

    Ends(MethodVisitor code, Hook hook) {
      super(Opcodes.ASM9, code);
      this.hook = hook;
    }

    @Override
    public void visitInsn(int opcode) {
      if (opcode == Opcodes.RETURN) {
        hook.load(this);
        visitVarInsn(Opcodes.ALOAD, 0);
        hook.call(this);
      }
      super.visitInsn(opcode);
    }
  }

  /** In place of {@code return output;}, {@code FORWARD.accept(this, output); return output;}. */
  static final class ForwardEnds extends MethodVisitor {

    ForwardEnds(MethodVisitor code) {
      super(Opcodes.ASM9, code);
    }

    @Override
    public void visitInsn(int opcode) {
      if (opcode == Opcodes.ARETURN) {
        visitInsn(Opcodes.DUP);
        Hook.FORWARD.load(this);
        visitInsn(Opcodes.SWAP);
        visitVarInsn(Opcodes.ALOAD, 0);
        visitInsn(Opcodes.SWAP);
        Hook.FORWARD.call(this);
      }
      super.visitInsn(opcode);
    }
  }

  /**
   * {@code if (!FIT.test(trainer)) return; try { ... FITTED.accept(trainer); return; } catch
   * (Throwable e) { if (THROWN.test(trainer, e)) return; throw e; }}
   *
   * <p>The method is static, and its parameters are all that the frames know.
   */
  static final class Fit extends MethodVisitor {

    private static final int TRAINER = 0;
    private static final int THROWN = 4;
    private static final Object[] NOTHING = {};
    private static final Object[] PARAMETERS = {
      DjlClasses.TRAINER, Opcodes.INTEGER, DjlClasses.DATASET, DjlClasses.DATASET
    };
    private static final Object[] PARAMETERS_AND_THROWN = {
      DjlClasses.TRAINER,
      Opcodes.INTEGER,
      DjlClasses.DATASET,
      DjlClasses.DATASET,
      "java/lang/Throwable"
    };

    private final Label begin = new Label();

    Fit(MethodVisitor code) {
      super(Opcodes.ASM9, code);
    }

    @Override
    public void visitCode() {
      super.visitCode();
      Hook.FIT.load(this);
      visitVarInsn(Opcodes.ALOAD, TRAINER);
      Hook.FIT.call(this);
      visitJumpInsn(Opcodes.IFNE, begin);
      super.visitInsn(Opcodes.RETURN);
      visitLabel(begin);
      super.visitFrame(Opcodes.F_NEW, 4, PARAMETERS, 0, NOTHING);
      // The method may have a frame of its own where it begins, and there can be only one.
      visitInsn(Opcodes.NOP);
    }

    @Override
    public void visitInsn(int opcode) {
      if (opcode == Opcodes.RETURN) {
        Hook.FITTED.load(this);
        visitVarInsn(Opcodes.ALOAD, TRAINER);
        Hook.FITTED.call(this);
      }
      super.visitInsn(opcode);
    }

    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
      Label end = new Label();
      visitLabel(end);
      // Behind all others, so that it is asked last.
      visitTryCatchBlock(begin, end, end, "java/lang/Throwable");
      super.visitFrame(Opcodes.F_NEW, 4, PARAMETERS, 1, new Object[] {"java/lang/Throwable"});
      visitVarInsn(Opcodes.ASTORE, THROWN);
      Hook.THROWN.load(this);
      visitVarInsn(Opcodes.ALOAD, TRAINER);
      visitVarInsn(Opcodes.ALOAD, THROWN);
      Hook.THROWN.call(this);
      Label others = new Label();
      visitJumpInsn(Opcodes.IFEQ, others);
      super.visitInsn(Opcodes.RETURN);
      visitLabel(others);
      super.visitFrame(Opcodes.F_NEW, 5, PARAMETERS_AND_THROWN, 0, NOTHING);
      visitVarInsn(Opcodes.ALOAD, THROWN);
      visitInsn(Opcodes.ATHROW);
      super.visitMaxs(maxStack, maxLocals);
    }
  }
}
