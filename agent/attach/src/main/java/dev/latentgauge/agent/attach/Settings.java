package dev.latentgauge.agent.attach;

import dev.latentgauge.agent.Cadence;
import dev.latentgauge.agent.EarlyStopping;
import dev.latentgauge.observation.RunInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a file of settings says.
 *
 * @param references files of references; none for a dry run, or where one is made
 * @param layers paths and patterns of layers; none for those that the references were made of
 * @param model a pattern of the names of the models that are monitored; absent for all
 * @param run what is said of the run; if it has no name, one is made up
 * @param isRunNamed whether the name of the run is one that somebody has given
 * @param cadence when to measure
 * @param stopping when to stop early, if at all
 * @param obeysDirectives whether the collector may stop the training
 * @param sketches whether runs can be compared with each other by what is reported
 * @param reports where reports go
 * @param isStrict whether the program is stopped where it cannot be monitored
 * @param creation the reference that is made in place of monitoring, if any
 * @param isDryRun whether layers are listed and nothing is monitored
 */
record Settings(
    List<Path> references,
    List<String> layers,
    Optional<String> model,
    RunInfo run,
    boolean isRunNamed,
    Cadence cadence,
    Optional<EarlyStopping> stopping,
    boolean obeysDirectives,
    boolean sketches,
    ReportSettings reports,
    boolean isStrict,
    Optional<ReferencePlan> creation,
    boolean isDryRun) {}
