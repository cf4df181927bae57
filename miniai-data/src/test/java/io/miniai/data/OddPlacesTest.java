package io.miniai.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.miniai.data.idx.IdxFiles;
import io.miniai.data.image.PngFiles;
import io.miniai.nn.Flatten;
import io.miniai.nn.Linear;
import io.miniai.nn.Sequential;
import io.miniai.serve.Predictor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Data and predictions where letters, digits and file names are not those of English, in a process of its own. */
class OddPlacesTest {
    private static final List<String> CLASSES = List.of("I ı", "gömlek %20 #1", "İçlik", "Брюки", "シャツ");

    @TempDir
    Path dir;

    /** Turkish has a dotless i, Arabic can have other digits, and the default charset need not be UTF-8. */
    @ParameterizedTest
    @CsvSource({"en,US,,UTF-8", "tr,TR,,ISO-8859-9", "ar,EG,u-nu-arab,US-ASCII"})
    void prepares_reads_and_predicts_there(String language, String country, String digits, String charset)
            throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Duser.language=" + language,
                        "-Duser.country=" + country,
                        "-Duser.extensions=" + (digits == null ? "" : digits),
                        "-Dfile.encoding=" + charset,
                        "-cp",
                        System.getProperty("java.class.path"),
                        There.class.getName(),
                        dir.toString())
                .redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8"); // with another, no JVM finds such names
        builder.environment().put("MINIAI_DEVICE", "cpu");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("locale=" + language + "_" + country, "right=true");
    }

    /** Runs there. */
    static final class There {
        private There() {}

        public static void main(String[] args) throws Exception {
            Path folder = Files.createDirectory(Path.of(args[0], "Ирина's veri 数据 İıŞğ %20 #1"));
            IdxFiles.writeOriginals(folder, 25, 12);
            boolean right = Mnist.open(folder).train().size() == 25;
            right &= Mnist.open(folder).train().get(13).label() == 3; // from the PNG files now
            right &= Files.exists(
                    folder.resolve("png").resolve("train").resolve("3").resolve("13.png"));

            for (String name : CLASSES) {
                Path images = Files.createDirectories(
                        folder.resolve("ağaç").resolve("TRAINING").resolve(name));
                Files.write(images.resolve("İ ı 1.PNG"), PngFiles.grey28(name.length()));
            }
            DatasetDict tree = PngFolder.open(folder.resolve("ağaç"));
            right &= tree.train().size() == 5 && new ArrayList<>(tree.classNames()).containsAll(CLASSES);

            Predictor predictor = Predictor.of(Sequential.of(new Flatten(), new Linear(784, 5)))
                    .like(tree.train())
                    .build();
            Path model = folder.resolve("ağ I.safetensors");
            predictor.save(model);
            Path image =
                    folder.resolve("ağaç").resolve("TRAINING").resolve("シャツ").resolve("İ ı 1.PNG");
            right &= Predictor.load(model).predict(image).equals(predictor.predict(image));
            right &= Predictor.load(model).classes().equals(tree.classNames());
            System.out.println("locale=" + Locale.getDefault().getLanguage() + "_"
                    + Locale.getDefault().getCountry() + " right=" + right);
        }
    }
}
