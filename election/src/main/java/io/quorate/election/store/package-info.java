/** Where promises are kept. Start with {@link FileEpochStore}. Not exported. */
package io.quorate.election.store;
