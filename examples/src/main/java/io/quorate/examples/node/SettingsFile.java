package io.quorate.examples.node;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** A properties file, in UTF-8, with the names of the options. */
final class SettingsFile {

  /** The longest file that is read, in bytes. */
  static final long MAX_BYTES = 1024 * 1024;

  private SettingsFile() {}

  /**
   * Reads the file.
   *
   * @throws IllegalArgumentException with one line if it cannot be read or is no properties file
   */
  static Map<String, String> read(Path file) {
    var properties = new Properties();
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalArgumentException(
            "config: " + file + " has more than " + MAX_BYTES + " bytes");
      }
      properties.load(new StringReader(Files.readString(file)));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("config: there is no " + file, e);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("config: " + file + " is not UTF-8", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("config: " + file + " cannot be read: " + e, e);
    }
    var values = new HashMap<String, String>();
    properties.forEach((name, value) -> values.put(name.toString(), value.toString()));
    return values;
  }
}
