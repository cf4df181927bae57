package io.miniai.tensor.kernel;

import io.miniai.testing.Oracle;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Isolated;

/** The portable kernels, which CUDA will run, give PyTorch's results and gradients too. */
@Isolated("exchanges the kernels of the process")
class PortableKernelsPytorchTest {
    private static Kernels before;

    @BeforeAll
    static void use_portable_kernels() {
        before = Processor.kernels();
        Processor.use(new PortableKernels());
    }

    @AfterAll
    static void use_the_kernels_of_before() {
        Processor.use(before);
    }

    @TestFactory
    Stream<DynamicTest> elementwise_ops_agree() {
        return Oracle.tests("elementwise");
    }

    @TestFactory
    Stream<DynamicTest> reductions_and_products_agree() {
        return Oracle.tests("reductions");
    }

    @TestFactory
    Stream<DynamicTest> shape_ops_agree() {
        return Oracle.tests("shapes");
    }

    @TestFactory
    Stream<DynamicTest> image_ops_agree() {
        return Oracle.tests("images");
    }

    @TestFactory
    Stream<DynamicTest> losses_agree() {
        return Oracle.tests("losses");
    }
}
