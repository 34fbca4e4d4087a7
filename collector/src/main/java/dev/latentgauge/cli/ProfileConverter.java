package dev.latentgauge.cli;

import dev.latentgauge.relative.Profile;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a profile from the command line. */
final class ProfileConverter implements ITypeConverter<Profile> {

  @Override
  public Profile convert(String text) {
    try {
      return Profile.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
