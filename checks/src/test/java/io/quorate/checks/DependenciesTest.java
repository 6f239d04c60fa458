package io.quorate.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What a user of each library module gets with it at run time: a logging API at most. */
final class DependenciesTest {
  private static final Set<String> NOT_AT_RUN_TIME = Set.of("provided", "test");

  @Test
  void protocolNeedsNothing() throws Exception {
    assertEquals(Set.of(), runTimeDependencies("protocol"));
  }

  @Test
  void transportNeedsTheProtocolAndALoggingApi() throws Exception {
    assertEquals(Set.of("quorate-protocol", "slf4j-api"), runTimeDependencies("transport"));
  }

  @Test
  void electionNeedsTheTransportAndALoggingApi() throws Exception {
    assertEquals(Set.of("quorate-transport", "slf4j-api"), runTimeDependencies("election"));
  }

  @Test
  void testkitNeedsTheElectionAlone() throws Exception {
    assertEquals(Set.of("quorate-election"), runTimeDependencies("testkit"));
  }

  private static Set<String> runTimeDependencies(String module) throws Exception {
    var pom =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Build.folderOf(module).resolve("pom.xml").toFile());
    NodeList dependencies = pom.getElementsByTagName("dependency");
    var needed = new TreeSet<String>();
    for (int i = 0; i < dependencies.getLength(); i++) {
      var dependency = (Element) dependencies.item(i);
      if (!NOT_AT_RUN_TIME.contains(text(dependency, "scope"))) {
        needed.add(text(dependency, "artifactId"));
      }
    }
    return needed;
  }

  private static String text(Element parent, String name) {
    NodeList found = parent.getElementsByTagName(name);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent().strip();
  }
}
