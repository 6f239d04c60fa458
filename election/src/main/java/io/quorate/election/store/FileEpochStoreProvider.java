package io.quorate.election.store;

import io.quorate.election.disk.Disk;
import io.quorate.election.spi.EpochStore;
import io.quorate.election.spi.EpochStoreProvider;
import java.io.IOException;
import java.nio.file.Path;

/** Provides {@link FileEpochStore} under the name {@code files}. */
public final class FileEpochStoreProvider implements EpochStoreProvider {

  /** Makes the provider; for {@link java.util.ServiceLoader}. */
  public FileEpochStoreProvider() {}

  @Override
  public String name() {
    return "files";
  }

  @Override
  public EpochStore open(Place place) throws IOException {
    Path directory =
        place
            .directory()
            .orElseThrow(
                () -> new IllegalArgumentException("the epoch store files needs a directory"));
    return FileEpochStore.open(Disk.REAL, directory, place.self(), place.ensembleName());
  }
}
