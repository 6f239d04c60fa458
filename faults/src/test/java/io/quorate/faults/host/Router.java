package io.quorate.faults.host;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rules of the router between the hosts. It follows the connections that pass, as one that
 * translates addresses does, and forgets those that are idle: to whom that is to matter is said by
 * a set, like everything else. Belongs to one thread.
 */
final class Router {

  /** How long an idle connection is remembered. */
  static final int REMEMBERED_SECONDS = 2;

  /** How many of a hundred packets are lost where some are. */
  static final int LOST_PERCENT = 20;

  private static final Pattern PACKETS = Pattern.compile("packets (\\d+)");

  /**
   * To number the connections of a way anew is to forget them: a router that was restarted. What is
   * never sent through the router is not restarted by it, so its own messages to a sender, that a
   * packet is too large, go out by the output chain.
   */
  private static final String TABLE =
      """
      table ip faults {
        set cut_ways { type ipv4_addr . ipv4_addr; }
        set lossy_ways { type ipv4_addr . ipv4_addr; }
        set reset_ways { type ipv4_addr . ipv4_addr; }
        set idle_ways { type ipv4_addr . ipv4_addr; }
        set restarted_ways { type ipv4_addr . ipv4_addr; }
        counter cut_hits { }
        counter lossy_hits { }
        counter reset_hits { }
        counter forgotten_hits { }
        counter too_large_hits { }
        chain number {
          type filter hook prerouting priority raw; policy accept;
          ip saddr . ip daddr @restarted_ways ct zone set 1
        }
        chain pass {
          type filter hook forward priority filter; policy accept;
          ip saddr . ip daddr @cut_ways counter name cut_hits drop
          ip saddr . ip daddr @lossy_ways numgen random mod 100 < %d counter name lossy_hits drop
          ip protocol tcp ip saddr . ip daddr @reset_ways counter name reset_hits reject with tcp reset
          ip saddr . ip daddr @idle_ways ct state invalid counter name forgotten_hits drop
          ip saddr . ip daddr @restarted_ways ct state invalid counter name forgotten_hits drop
        }
        chain tell {
          type filter hook output priority filter; policy accept;
          icmp type destination-unreachable icmp code frag-needed counter name too_large_hits drop
        }
      }
      """
          .formatted(LOST_PERCENT);

  private static final List<String> SETS = List.of("cut", "lossy", "reset", "idle", "restarted");

  private final String name;

  Router(String name) {
    this.name = name;
  }

  void begin() throws IOException, InterruptedException {
    nft(TABLE);
    set("net.ipv4.ip_forward", 1);
    set("net.netfilter.nf_conntrack_tcp_timeout_established", REMEMBERED_SECONDS);
    set("net.netfilter.nf_conntrack_tcp_be_liberal", 1);
  }

  /** From now on these ways suffer that, and no others. */
  void put(Rule rule, Collection<Way> ways) throws IOException, InterruptedException {
    fill(rule == Rule.FORGOTTEN ? "idle" : rule.text(), ways);
  }

  /** From now on the connections of these ways are unknown that were made before. */
  void restart(Collection<Way> ways) throws IOException, InterruptedException {
    fill("restarted", ways);
  }

  private void fill(String set, Collection<Way> ways) throws IOException, InterruptedException {
    boolean forgets = set.equals("idle") || set.equals("restarted");
    if (forgets && !ways.isEmpty()) {
      // What was forgotten stays so; usually a packet is enough to be known again.
      set("net.netfilter.nf_conntrack_tcp_loose", 0);
    }
    String elements =
        ways.stream()
            .map(way -> Hosts.address(way.from()) + " . " + Hosts.address(way.to()))
            .collect(Collectors.joining(", "));
    nft(
        "flush set ip faults %s_ways\n".formatted(set)
            + (ways.isEmpty()
                ? ""
                : "add element ip faults %s_ways { %s }%n".formatted(set, elements)));
  }

  /** Ends all faults, at once. */
  void heal() throws IOException, InterruptedException {
    set("net.netfilter.nf_conntrack_tcp_loose", 1);
    nft(
        SETS.stream()
            .map("flush set ip faults %s_ways\n"::formatted)
            .collect(Collectors.joining()));
  }

  /** Returns how many packets have met a fault so far. */
  long count(Rule rule) throws IOException, InterruptedException {
    String text =
        Hosts.inside(name, "nft", "list", "counter", "ip", "faults", rule.text() + "_hits");
    Matcher matcher = PACKETS.matcher(text);
    if (!matcher.find()) {
      throw new IOException("no counter: " + text);
    }
    return Long.parseLong(matcher.group(1));
  }

  private void nft(String rules) throws IOException, InterruptedException {
    Command.feed(rules, "ip", "netns", "exec", name, "nft", "-f", "-");
  }

  private void set(String key, int value) throws IOException, InterruptedException {
    Hosts.inside(name, "sysctl", "-qw", key + "=" + value);
  }
}
