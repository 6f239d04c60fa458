/** Records of the election port and their codecs. Start with {@link Notification}. */
package io.quorate.protocol;
