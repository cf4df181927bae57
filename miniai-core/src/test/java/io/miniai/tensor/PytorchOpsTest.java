package io.miniai.tensor;

import io.miniai.testing.Oracle;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every op gives PyTorch's result and PyTorch's gradients, in both floating-point types. */
class PytorchOpsTest {
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
