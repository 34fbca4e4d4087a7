package dev.latentgauge.agent.attach;

import ai.djl.Model;
import ai.djl.training.Trainer;

/**
 * A training of which nothing is monitored, but said what could be; once, when its layers are
 * there.
 */
final class ListedTraining implements AttachedTraining {

  private boolean isListed;

  @Override
  public void onTrainingBegin(Trainer trainer) {}

  @Override
  public void initialized(Trainer trainer) {
    list(trainer.getModel());
  }

  @Override
  public void stepBegins(Trainer trainer) {
    list(trainer.getModel());
  }

  @Override
  public void onTrainingEnd(Trainer trainer) {
    list(trainer.getModel());
  }

  private void list(Model model) {
    if (!isListed) {
      isListed = true;
      try {
        BlockListing.of(model).forEach(Console::say);
      } catch (RuntimeException e) {
        Console.say("the layers of model " + model.getName() + " cannot be listed: " + e);
      }
    }
  }
}
