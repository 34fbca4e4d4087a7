package dev.latentgauge.cli.settings;

import java.util.regex.Pattern;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What of a value may be shown.
 *
 * <p>An option is secret if its name ends with password, passphrase, secret or token; one that ends
 * with {@code -file} is the name of a file, and a switch is none. In addresses the password is
 * hidden.
 */
final class Secrets {

  static final String HIDDEN = "***";

  private static final Pattern SECRET_NAME =
      Pattern.compile("(.*-)?(passwords?|passphrase|secrets?|tokens?)");
  private static final Pattern USER_INFO = Pattern.compile("(://[^/?#@\\s:]*:)[^/?#\\s]*@");
  private static final Pattern PARAMETER =
      Pattern.compile("(?i)([?&;](?:ssl)?(?:password|passphrase|secret|token)=)[^&;\\s]*");

  private Secrets() {}

  static boolean isSecret(OptionSpec option) {
    return option.type() != boolean.class && SECRET_NAME.matcher(Setting.key(option)).matches();
  }

  /** A text without the passwords of the addresses in it. */
  static String masked(String text) {
    String masked = USER_INFO.matcher(text).replaceAll("$1" + HIDDEN + "@");
    return PARAMETER.matcher(masked).replaceAll("$1" + HIDDEN);
  }

  /** A value of an option as it may be shown. */
  static String shown(OptionSpec option, String value) {
    return isSecret(option) ? HIDDEN : masked(value);
  }
}
