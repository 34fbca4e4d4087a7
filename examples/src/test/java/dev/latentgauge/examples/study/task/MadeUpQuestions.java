package dev.latentgauge.examples.study.task;

import dev.latentgauge.examples.data.Trec;
import dev.latentgauge.examples.data.Trec.Question;
import java.util.ArrayList;
import java.util.List;

/** Questions of the six kinds, which are easily told apart: by how they begin. */
final class MadeUpQuestions {

  private static final List<String> BEGINNINGS =
      List.of(
          "What does %s %s stand for ?",
          "Why was %s %s so quiet ?",
          "What animal lived with %s %s ?",
          "Who was the mother of %s %s ?",
          "Where was %s %s born ?",
          "How many years did %s %s live ?");

  private static final List<String> FIRST =
      List.of(
          "Ada", "Bo", "Cleo", "Dan", "Eva", "Finn", "Gus", "Hal", "Ida", "Jan", "Kit", "Lea",
          "Mia", "Ned", "Ora", "Pia", "Quin", "Rex");

  private static final List<String> LAST =
      List.of(
          "Ash", "Bell", "Cook", "Dale", "East", "Ford", "Gray", "Hill", "Ives", "Jay", "King",
          "Lane", "Moss", "Nash", "Oak", "Pike", "Reed", "Stone");

  private MadeUpQuestions() {}

  /** 1,884 training questions, of which 12 occur twice, and 60 test questions. */
  static Trec trec() {
    List<Question> all = new ArrayList<>();
    for (String first : FIRST) {
      for (String last : LAST) {
        for (int kind = 0; kind < BEGINNINGS.size(); kind++) {
          all.add(new Question(BEGINNINGS.get(kind).formatted(first, last), kind));
        }
      }
    }
    List<Question> train = new ArrayList<>(all.subList(0, 1_872));
    train.addAll(all.subList(600, 612));
    return new Trec(train, all.subList(1_872, 1_932));
  }
}
