package io.miniai.examples;

import io.miniai.data.ImageDataset;
import io.miniai.data.picture.HeatMap;
import io.miniai.data.picture.ImageGrid;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.Window;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/** Takes a convolution apart: a sum of products at one place, a loop over all places, one product of matrices. */
@Command(
        name = "convolutions",
        mixinStandardHelpOptions = true,
        description = "Take a convolution apart: loop, unfold × matmul, conv2d.")
final class Convolutions extends Example {
    private static final Window THREE_BY_THREE = Window.of(3);

    /** In a class of its own, since the device is chosen before the first tensor is made. */
    private static final class Kernels {
        static final Tensor TOP_EDGE = Tensor.of(new float[][] {{-1, -1, -1}, {0, 0, 0}, {1, 1, 1}});
        static final Tensor LEFT_EDGE = TOP_EDGE.t();
        static final Tensor DIAGONAL_1 = Tensor.of(new float[][] {{0, -1, 1}, {-1, 1, 0}, {1, 0, 0}});
        static final Tensor DIAGONAL_2 = Tensor.of(new float[][] {{1, -1, 0}, {0, 1, -1}, {0, 0, 1}});
    }

    Convolutions() {
        super(new Defaults(KnownDataset.MNIST, 0, 0, 16));
    }

    @Override
    void run(Setup setup) {
        ImageDataset train = setup.data().train();
        Tensor digit = train.get(7).image().get(0); // [28, 28], a 3

        setup.heading("A digit is a table of numbers, here in hundredths");
        Tensor corner = digit.slice(0, 0, 13).slice(1, 0, 23);
        setup.print(hundredths(corner));
        setup.save("digit.png", ImageGrid.of(digit).scale(8));
        setup.save("digit-table.png", HeatMap.of(corner));

        setup.heading("A kernel is a sum of products: top_edge says +3 at a top edge, -3 at a bottom edge");
        Tensor by256 = digit.mul(255.0 / 256); // the lesson divides the pixels by 256, not by 255
        for (int row : new int[] {4, 8}) {
            setup.print(
                    "top_edge at row %d, column 15: %7.4f with pixels/255, %7.4f with pixels/256",
                    row, at(digit, row, 15, Kernels.TOP_EDGE), at(by256, row, 15, Kernels.TOP_EDGE));
        }

        setup.heading("The same at all 26×26 places");
        Tensor byLoop = loop(digit, Kernels.TOP_EDGE);
        Tensor byUnfold = unfold(digit, Kernels.TOP_EDGE);
        double difference = byLoop.sub(byUnfold).abs().max().item();
        setup.print(
                "unfold: %s, each column what the kernel sees at one place",
                digit.unfold(THREE_BY_THREE).shape());
        setup.print("largest difference of loop and unfold × matmul: %.1e", difference);
        setup.save("top-edge.png", ImageGrid.of(byLoop).stretch().scale(8));
        setup.save(
                "left-edge.png",
                ImageGrid.of(loop(digit, Kernels.LEFT_EDGE)).stretch().scale(8));

        setup.heading("What it costs (median)");
        double loop = Stopwatch.micros(20, () -> loop(digit, Kernels.TOP_EDGE));
        double unfold = Stopwatch.micros(500, () -> unfold(digit, Kernels.TOP_EDGE));
        double conv2d = Stopwatch.micros(500, () -> conv2d(digit, Kernels.TOP_EDGE));
        setup.print("loop            %,9.1f µs", loop);
        setup.print("unfold × matmul %,9.1f µs   %,6.0f times as fast", unfold, loop / unfold);
        setup.print("conv2d          %,9.1f µs   %,6.0f times as fast", conv2d, loop / conv2d);

        setup.heading("Four kernels on sixteen digits in one call");
        Tensor kernels = Tensor.stack(0, Kernels.TOP_EDGE, Kernels.LEFT_EDGE, Kernels.DIAGONAL_1, Kernels.DIAGONAL_2)
                .unsqueeze(1);
        Tensor images = train.batch(0, 16).x();
        Tensor maps = images.conv2d(kernels, null, THREE_BY_THREE);
        setup.print("%s conv2d %s = %s", images.shape(), kernels.shape(), maps.shape());
        List<String> names = List.of("top edge", "left edge", "diagonal 1", "diagonal 2");
        setup.save(
                "four-maps.png", ImageGrid.of(maps.get(7)).stretch().columns(4).titles(names::get));
        setup.save(
                "all-maps.png",
                ImageGrid.of(maps.reshape(64, 26, 26)).stretch().columns(8).scale(2));

        setup.fact("loop_us", loop);
        setup.fact("unfold_us", unfold);
        setup.fact("conv2d_us", conv2d);
    }

    /** The kernel, centred at one place. */
    private static double at(Tensor image, int row, int column, Tensor kernel) {
        return image.slice(0, row - 1, row + 2)
                .slice(1, column - 1, column + 2)
                .mul(kernel)
                .sum()
                .item();
    }

    private static Tensor loop(Tensor image, Tensor kernel) {
        float[][] map = new float[26][26];
        for (int row = 1; row <= 26; row++) {
            for (int column = 1; column <= 26; column++) {
                map[row - 1][column - 1] = (float) at(image, row, column, kernel);
            }
        }
        return Tensor.of(map);
    }

    private static Tensor unfold(Tensor image, Tensor kernel) {
        return kernel.reshape(1, 9).matmul(image.unfold(THREE_BY_THREE)).reshape(26, 26);
    }

    private static Tensor conv2d(Tensor image, Tensor kernel) {
        return image.conv2d(kernel.reshape(1, 1, 3, 3), null, THREE_BY_THREE).reshape(26, 26);
    }

    private static String hundredths(Tensor table) {
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < table.size(0); row++) {
            for (int column = 0; column < table.size(1); column++) {
                double value = table.at(row, column);
                text.append(value == 0 ? "   ·" : String.format(Locale.ROOT, "%4.0f", 100 * value));
            }
            text.append(row + 1 < table.size(0) ? System.lineSeparator() : "");
        }
        return text.toString();
    }
}
