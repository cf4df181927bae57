package io.miniai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Every dependency earns its place in one line of docs/dependencies.md, and the XML of the docs can be pasted. */
class DependenciesDocTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern XML_BLOCK = Pattern.compile("```xml\\R(.*?)```", Pattern.DOTALL);

    @Test
    void every_dependency_and_excluded_artifact_has_its_line() throws Exception {
        String doc = Files.readString(ROOT.resolve("docs/dependencies.md"));
        Set<String> missing = new TreeSet<>();
        for (Path pom : files("pom.xml")) {
            for (String tag : List.of("dependency", "exclusion", "path")) {
                coordinates(parse(Files.readString(pom)), tag).stream()
                        .filter(c -> !c.startsWith("io.miniai:") && !c.contains("*"))
                        .filter(c -> !doc.contains("`" + c + "`"))
                        .forEach(missing::add);
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void no_line_is_left_of_a_dependency_that_is_gone() throws Exception {
        StringBuilder poms = new StringBuilder();
        for (Path pom : files("pom.xml")) {
            poms.append(Files.readString(pom));
        }
        String table = Files.readString(ROOT.resolve("docs/dependencies.md"));
        List<String> gone = Pattern.compile("(?m)^\\| `[^|]*")
                .matcher(table)
                .results()
                .map(MatchResult::group)
                .flatMap(cell ->
                        Pattern.compile("`[^`:]+:([^`]+)`").matcher(cell).results())
                .map(m -> m.group(1))
                // Named by its short form in the formatter's configuration.
                .filter(artifact -> !artifact.equals("palantir-java-format"))
                .filter(artifact -> poms.indexOf("<artifactId>" + artifact + "</artifactId>") < 0)
                .toList();
        assertThat(gone).isEmpty();
    }

    @Test
    void the_xml_of_the_docs_is_well_formed_and_names_the_versions_of_the_build() throws Exception {
        String build = Files.readString(ROOT.resolve("pom.xml"));
        String version = build.replaceFirst("(?s).*?<version>(.*?)</version>.*", "$1");
        List<String> blocks = new ArrayList<>();
        for (Path doc : files(".md")) {
            XML_BLOCK
                    .matcher(Files.readString(doc))
                    .results()
                    .map(m -> m.group(1))
                    .forEach(blocks::add);
        }
        assertThat(blocks).isNotEmpty();
        for (String block : blocks) {
            Document xml = parse("<all>" + block + "</all>");
            NodeList dependencies = xml.getElementsByTagName("dependency");
            for (int i = 0; i < dependencies.getLength(); i++) {
                Element dependency = (Element) dependencies.item(i);
                String used = text(dependency, "version");
                if (text(dependency, "groupId").equals("io.miniai")) {
                    assertThat(used).isEqualTo(version);
                } else {
                    assertThat(build).contains("version>" + used + "</");
                }
            }
        }
    }

    private static List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.find(ROOT, 3, (p, a) -> p.toString().endsWith(ending))) {
            return files.filter(p -> !p.toString().contains("target")).toList();
        }
    }

    private static Document parse(String xml) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    private static List<String> coordinates(Document pom, String tag) {
        List<String> found = new ArrayList<>();
        NodeList nodes = pom.getElementsByTagName(tag);
        for (int i = 0; i < nodes.getLength(); i++) {
            Element e = (Element) nodes.item(i);
            found.add(text(e, "groupId") + ":" + text(e, "artifactId"));
        }
        return found;
    }

    private static String text(Element parent, String tag) {
        NodeList nodes = parent.getElementsByTagName(tag);
        return nodes.getLength() == 0 ? "" : nodes.item(0).getTextContent().strip();
    }
}
