package dev.latentgauge.examples.spark;

import dev.latentgauge.relative.Profile;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a job scores against, as it is sent to each executor once.
 *
 * @param job tells it from what other jobs of the same executors score against
 * @param contents at least one
 * @param anchorErrors whether the errors over the choice of anchors are wanted, too
 * @param profileText the profile that was asked for, as text, since neither {@link Profile} nor
 *     {@link Optional} can be sent
 */
record References(
    UUID job, List<ReferenceContent> contents, boolean anchorErrors, @Nullable String profileText)
    implements Serializable {

  Optional<Profile> profile() {
    return Optional.ofNullable(profileText).map(Profile::parse);
  }
}
