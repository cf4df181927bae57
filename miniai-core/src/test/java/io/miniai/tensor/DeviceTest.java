package io.miniai.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.miniai.tensor.ChildJvm.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each test is a process of its own: a device is chosen once in a process. */
class DeviceTest {
    private static final String SNIPPET = "<dependency>   <groupId>org.nd4j</groupId>"
            + "   <artifactId>nd4j-cuda-11.6</artifactId>   <version>1.0.0-M2.1</version> </dependency>";

    /** ND4J's CUDA backend without its native code, put there by the build. */
    private static final Path CUDA_ARTIFACTS = Path.of("target", "cuda-artifacts");

    @TempDir
    static Path directory;

    private static Path fakeCuda;

    @BeforeAll
    static void compiles_the_fake_cuda_backend() throws IOException {
        fakeCuda = Files.createDirectory(directory.resolve("fake-cuda"));
        Path sources = Path.of("src", "test", "resources", "fake-cuda");
        List<String> arguments;
        try (Stream<Path> files = Files.list(sources)) {
            arguments = Stream.concat(
                            Stream.of("-proc:none", "-d", fakeCuda.toString(), "-cp", new ChildJvm().classPath()),
                            files.map(Path::toString).filter(f -> f.endsWith(".java")))
                    .toList();
        }
        int errors = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(errors).isZero();
        Path services = Files.createDirectories(fakeCuda.resolve("META-INF/services"));
        Files.writeString(
                services.resolve("org.nd4j.linalg.factory.Nd4jBackend"), "org.nd4j.linalg.jcublas.JCublasBackend\n");
    }

    private static Result run(ChildJvm jvm, String... steps) {
        Result result = jvm.run(directory, DeviceProbe.class, steps);
        assertThat(result.exitCode()).as("exit code, with %s", result.err()).isZero();
        return result;
    }

    private static ChildJvm withFakeCuda() {
        return new ChildJvm().with(List.of(fakeCuda));
    }

    private static ChildJvm withCudaArtifacts() throws IOException {
        try (Stream<Path> jars = Files.list(CUDA_ARTIFACTS)) {
            return new ChildJvm().with(jars.map(Path::toAbsolutePath).toList());
        }
    }

    private static List<String> logged(Result result) {
        return result.err().stream().filter(l -> l.contains("io.miniai.Device")).toList();
    }

    // ---- without CUDA on the class path -------------------------------------------------------

    @Test
    void runs_on_the_cpu_when_nothing_is_asked_for_and_says_so_once() {
        Result result = run(new ChildJvm(), "tensor", "which", "auto");
        assertThat(result.value("sum")).isEqualTo("6.0");
        assertThat(result.value("device")).isEqualTo("cpu");
        assertThat(result.value("backend")).isEqualTo("CpuBackend");
        assertThat(result.value("reason")).isEqualTo("no CUDA backend on the class path");
        assertThat(result.value("chosen")).isEqualTo("cpu");
        assertThat(logged(result))
                .containsExactly("INFO io.miniai.Device - Running on cpu: no CUDA backend on the class path.");
    }

    @Test
    void prints_nothing_of_its_own_nor_of_nd4j() {
        Result result = run(new ChildJvm().without("logback-"), "tensor");
        assertThat(result.out()).containsExactly("sum=6.0");
        assertThat(result.err()).allMatch(line -> line.startsWith("SLF4J"));
    }

    @Test
    void logs_only_its_own_line_at_level_info() {
        Result result = run(new ChildJvm(), "tensor");
        assertThat(result.out()).containsExactly("sum=6.0");
        assertThat(result.err()).hasSize(1);
    }

    @Test
    void uses_native_memory_far_beyond_the_java_heap() {
        assertThat(run(new ChildJvm().heap("64m"), "large").value("large")).isEqualTo("1.0E8");
    }

    @Test
    void takes_the_device_from_the_system_property_before_the_variable() {
        Result result = run(new ChildJvm().property("miniai.device", "CPU").variable("MINIAI_DEVICE", "cuda"), "which");
        assertThat(result.value("reason")).isEqualTo("asked for by system property miniai.device");
    }

    @Test
    void takes_the_device_from_the_variable() {
        Result result = run(new ChildJvm().variable("MINIAI_DEVICE", "cpu"), "which");
        assertThat(result.value("reason")).isEqualTo("asked for by environment variable MINIAI_DEVICE");
    }

    @Test
    void takes_the_device_from_the_program_before_anything_else() {
        Result result = run(new ChildJvm().property("miniai.device", "cuda"), "cpu", "which");
        assertThat(result.value("chosen")).isEqualTo("cpu");
        assertThat(result.value("reason")).isEqualTo("asked for by Device.of(\"cpu\")");
    }

    @Test
    void throws_when_the_name_is_unknown() {
        assertThat(run(new ChildJvm().property("miniai.device", "gpu"), "tensor")
                        .value("error"))
                .isEqualTo(
                        "Unknown device. Expected: cpu, cuda or auto; got: \"gpu\" from system property miniai.device.");
        assertThat(run(new ChildJvm(), "tpu").value("error"))
                .isEqualTo("Unknown device. Expected: cpu, cuda or auto; got: \"tpu\".");
    }

    @Test
    void throws_when_a_setting_means_nothing() {
        assertThat(run(new ChildJvm().property("miniai.threads", "-3"), "tensor")
                        .value("error"))
                .isEqualTo("System property miniai.threads: expected a number of threads from 1 to 999; got \"-3\".");
        assertThat(run(new ChildJvm().property("miniai.kernels", "quick"), "tensor")
                        .value("error"))
                .isEqualTo("System property miniai.kernels: expected fast or portable; got \"quick\".");
        assertThat(run(new ChildJvm().property("miniai.memory.limit", "half"), "tensor")
                        .value("error"))
                .isEqualTo(
                        "System property miniai.memory.limit: expected bytes, such as 536870912 or 512m; got \"half\".");
    }

    @Test
    void bounds_native_memory_by_a_setting_with_a_unit() {
        assertThat(run(new ChildJvm().property("miniai.memory.limit", "300m"), "large")
                        .value("error"))
                .startsWith("Native memory is at its limit. Expected: at most 314,572,800 bytes (miniai.memory.limit)");
    }

    @Test
    void throws_with_the_dependency_to_paste_when_cuda_is_named_and_not_on_the_class_path() {
        Result result = run(new ChildJvm().variable("MINIAI_DEVICE", "cuda"), "tensor");
        assertThat(result.value("error"))
                .isEqualTo(
                        "environment variable MINIAI_DEVICE asks for cuda, which cannot be used. Expected: ND4J's CUDA"
                                + " backend, NVIDIA's driver and a device; got: no CUDA backend on the class path."
                                + " Fix: add to the application: " + SNIPPET);
    }

    @Test
    void may_be_asked_for_the_cpu_after_cuda_was_refused() {
        Result result = run(new ChildJvm(), "cuda", "cpu", "tensor");
        assertThat(result.value("error")).contains("which cannot be used");
        assertThat(result.value("sum")).isEqualTo("6.0");
    }

    @Test
    void throws_when_another_device_is_asked_for_after_the_first_tensor() {
        Result result = run(new ChildJvm(), "tensor", "cuda");
        assertThat(result.value("error"))
                .isEqualTo(
                        "Device.of(\"cuda\") asks for cuda, but this process already runs on cpu (no CUDA backend on the"
                                + " class path). Expected: one device for the whole process, chosen before the first tensor."
                                + " Fix: make it the first call of the program, or start it with -Dminiai.device=cuda.");
    }

    @Test
    void adopts_nd4j_when_other_code_had_started_it() {
        Result result = run(new ChildJvm(), "nd4j", "tensor", "which");
        assertThat(result.value("sum")).isEqualTo("6.0");
        assertThat(result.value("device")).isEqualTo("cpu");
    }

    @Test
    void finds_its_backend_in_a_class_loader_that_the_thread_does_not_know() {
        ChildJvm inPlugin = new ChildJvm();
        ChildJvm launcher = new ChildJvm().property("plugin.path", inPlugin.classPath());
        Result result = launcher.run(directory, PluginLauncher.class, "tensor", "which");
        assertThat(result.exitCode()).as("exit code, with %s", result.err()).isZero();
        assertThat(result.value("sum")).isEqualTo("6.0");
        assertThat(result.value("device")).isEqualTo("cpu");
    }

    @Test
    void says_which_native_code_is_missing_for_this_platform() {
        Result result = run(new ChildJvm().without("nd4j-native-1.0.0-M2.1-"), "tensor");
        assertThat(result.value("error"))
                .contains(
                        "ND4J could not start. Expected: its native code for this platform (",
                        "Fix: add org.nd4j:nd4j-native");
    }

    @Test
    void says_that_native_code_cannot_be_unpacked_at_every_attempt() throws IOException {
        Path nowhere = Files.createFile(directory.resolve("a file")).resolve("below");
        ChildJvm child = new ChildJvm();
        for (String folder : List.of("org.bytedeco.javacpp.cachedir", "user.home", "java.io.tmpdir")) {
            child = child.property(folder, nowhere.toString());
        }
        Result result = run(child, "tensor", "tensor");
        assertThat(result.out().stream().filter(l -> l.startsWith("error=")))
                .hasSize(2)
                .allMatch(l -> l.startsWith(
                                "error=ND4J could not start. Expected: a folder into which its native code can be"
                                        + " unpacked, and from which the system lets it run; got: ")
                        && l.endsWith(" Fix: -Dorg.bytedeco.javacpp.cachedir=<such a folder> (docs/dependencies.md)."));
    }

    // ---- with ND4J's CUDA backend on the class path, and no GPU --------------------------------

    @Test
    void runs_on_the_cpu_and_says_once_why_when_cuda_is_on_the_class_path_without_a_gpu() throws IOException {
        Result result = run(withCudaArtifacts(), "tensor", "which");
        assertThat(result.value("sum")).isEqualTo("6.0");
        assertThat(result.value("backend")).isEqualTo("CpuBackend");
        assertThat(result.value("nd4j")).isEqualTo("5.0");
        assertThat(result.value("reason")).startsWith("CUDA is on the class path, but got no native CUDA code for ");
        assertThat(logged(result)).hasSize(1).allMatch(l -> l.startsWith("INFO") && l.contains("To use CUDA:"));
    }

    @Test
    void does_not_touch_cuda_when_the_cpu_is_named() throws IOException {
        Result result = run(withCudaArtifacts(), "cpu", "which");
        assertThat(result.value("backend")).isEqualTo("CpuBackend");
        assertThat(result.value("reason")).isEqualTo("asked for by Device.of(\"cpu\")");
    }

    @Test
    void throws_when_cuda_is_named_and_its_native_code_is_missing() throws IOException {
        assertThat(run(withCudaArtifacts(), "cuda").value("error"))
                .contains(
                        "Device.of(\"cuda\") asks for cuda, which cannot be used",
                        "got: no native CUDA code for ",
                        SNIPPET);
    }

    // ---- with a backend that plays CUDA -------------------------------------------------------

    @Test
    void runs_on_cuda_when_a_device_is_there_and_works() {
        Result result = run(withFakeCuda(), "tensor", "which");
        assertThat(result.value("device")).isEqualTo("cuda");
        assertThat(result.value("backend")).isEqualTo("JCublasBackend");
        assertThat(result.value("reason")).isEqualTo("a device of compute capability 8.6");
    }

    @Test
    void runs_on_the_cpu_when_it_is_named_although_cuda_would_work() {
        Result result = run(withFakeCuda(), "cpu", "which");
        assertThat(result.value("device")).isEqualTo("cpu");
        assertThat(result.value("backend")).isEqualTo("CpuBackend");
    }

    @Test
    void tells_a_missing_driver_from_a_missing_device() {
        assertThat(run(withFakeCuda().property("fake.error", "35"), "cuda").value("error"))
                .contains("got: no NVIDIA driver, or one too old for CUDA 11.6", "Fix: install NVIDIA's driver");
        assertThat(run(withFakeCuda().property("fake.error", "100"), "cuda").value("error"))
                .contains("got: no CUDA device in this machine", "CUDA_VISIBLE_DEVICES");
        assertThat(run(withFakeCuda().property("fake.error", "999"), "cuda").value("error"))
                .contains("got: cudaGetDeviceCount gives error 999");
    }

    @Test
    void tells_a_missing_driver_from_a_missing_toolkit() {
        String driver = "libjnicudart.so: libcuda.so.1: cannot open shared object file";
        assertThat(run(withFakeCuda().property("fake.notLoadable", driver), "cuda")
                        .value("error"))
                .contains("got: no NVIDIA driver (UnsatisfiedLinkError: " + driver, "Fix: install NVIDIA's driver");
        String toolkit = "libjnicudart.so: libcudart.so.11.0: cannot open shared object file";
        assertThat(run(withFakeCuda().property("fake.notLoadable", toolkit), "cuda")
                        .value("error"))
                .contains("got: native CUDA code that cannot be loaded", "Fix: install CUDA 11.6 with cuDNN 8.3");
    }

    @Test
    void says_that_there_is_no_code_for_this_platform_when_nothing_was_loaded() {
        String call = "'int org.bytedeco.cuda.global.cudart.cudaGetDeviceCount(int[])'";
        assertThat(run(withFakeCuda().property("fake.notLoadable", call), "cuda")
                        .value("error"))
                .contains("got: no native CUDA code for ");
    }

    @Test
    void refuses_a_device_older_than_the_kernels() {
        assertThat(run(withFakeCuda().property("fake.capability", "30"), "cuda").value("error"))
                .contains("got: a device of compute capability 3.0, but ND4J's kernels were built for 3.5 to 8.6");
    }

    @Test
    void takes_a_device_newer_than_the_kernels_only_by_name() {
        ChildJvm newer = withFakeCuda().property("fake.capability", "90");
        assertThat(run(newer, "which").value("device")).isEqualTo("cpu");
        assertThat(run(newer, "cuda", "which").value("device")).isEqualTo("cuda");
    }

    @Test
    void moves_to_the_cpu_when_the_first_operation_on_cuda_fails() {
        Result result = run(withFakeCuda().property("fake.broken", "true"), "tensor", "which");
        assertThat(result.value("sum")).isEqualTo("6.0");
        assertThat(result.value("device")).isEqualTo("cpu");
        assertThat(result.value("backend")).isEqualTo("CpuBackend");
        assertThat(result.value("nd4j")).isEqualTo("5.0");
        assertThat(result.value("reason"))
                .contains("on which a first operation failed", "no kernel image is available");
    }

    @Test
    void throws_when_cuda_is_named_and_its_first_operation_fails() {
        Result result = run(withFakeCuda().property("fake.broken", "true"), "cuda");
        assertThat(result.value("error")).contains("which cannot be used", "no kernel image is available");
        assertThat(result.value("cause")).contains("no kernel image is available");
    }

    @Test
    void throws_when_the_cpu_is_named_after_other_code_started_nd4j_on_cuda() {
        Result result = run(withFakeCuda(), "nd4j", "cpu");
        assertThat(result.value("error")).contains("ND4J was started before by other code");
    }

    // ---- the texts ----------------------------------------------------------------------------

    @Test
    void names_the_version_of_nd4j_that_is_on_the_class_path() throws IOException {
        Properties nd4j = new Properties();
        try (var in = DeviceTest.class.getResourceAsStream("/META-INF/maven/org.nd4j/nd4j-api/pom.properties")) {
            nd4j.load(in);
        }
        assertThat(SNIPPET).contains(nd4j.getProperty("version"));
    }
}
