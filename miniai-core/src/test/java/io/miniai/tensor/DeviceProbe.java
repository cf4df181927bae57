package io.miniai.tensor;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Run in a child process by {@link DeviceTest}: does each step of its arguments and prints what came of it. */
final class DeviceProbe {
    private DeviceProbe() {}

    public static void main(String[] steps) {
        for (String step : steps) {
            try {
                perform(step);
            } catch (IllegalStateException | IllegalArgumentException e) {
                System.out.println("error=" + e.getMessage().replace("\n", " "));
                System.out.println("cause=" + e.getCause());
            }
        }
    }

    private static void perform(String step) {
        switch (step) {
            case "nd4j" -> Nd4j.getBackend();
            case "tensor" -> System.out.println("sum=" + Tensor.ones(2, 3).sum().item());
            case "large" -> {
                Tensor large = Tensor.ones(100, 1_000_000);
                System.out.println(
                        "small=" + Tensor.of(Tensor.ones(2, 3).nd()).sum().item());
                System.out.println("large=" + large.sum().item());
            }
            case "which" -> {
                System.out.println("device=" + Device.current());
                System.out.println("reason=" + Device.current().reason());
                System.out.println("backend=" + Nd4j.getBackend().getClass().getSimpleName());
                try (INDArray sum = Nd4j.createFromArray(1f, 2f).addi(1f)) {
                    System.out.println("nd4j=" + sum.sumNumber());
                }
            }
            default -> System.out.println("chosen=" + Device.of(step));
        }
    }
}
