package io.miniai.benchmarks.djl;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import io.miniai.benchmarks.protocol.Model;

/** The tasks' models in DJL. */
final class Blocks {
    private static final int NEAREST = 0;

    private Blocks() {}

    static Block of(Model model) {
        return switch (model) {
            case CNN, IMAGE -> stack(4, 8, 16, 16);
            case WIDE -> stack(32, 64, 128, 128);
            case AUTOENCODER ->
                conv(conv(conv(new SequentialBlock().add(pad(2)), 2, 2), 4, 2), 8, 2)
                        .add(deconv(4).add(Activation::relu))
                        .add(deconv(2).add(Activation::relu))
                        .add(deconv(1))
                        .add(new LambdaBlock(
                                in -> new NDList(in.singletonOrThrow().get(":, :, 2:-2, 2:-2")), "crop"))
                        .add(Activation::sigmoid);
            case MLP ->
                new SequentialBlock()
                        .add(ai.djl.nn.Blocks.batchFlattenBlock(784))
                        .add(Linear.builder().setUnits(50).build())
                        .add(Activation::relu)
                        .add(Linear.builder().setUnits(10).build());
            case POOL28, POOL64 ->
                conv(
                                conv(conv(new SequentialBlock(), 16, 1).add(halved()), 32, 1)
                                        .add(halved()),
                                64,
                                1)
                        .add(halved())
                        .add(ai.djl.nn.Blocks.batchFlattenBlock())
                        .add(Linear.builder().setUnits(10).build());
        };
    }

    private static SequentialBlock stack(int... filters) {
        SequentialBlock net = new SequentialBlock();
        for (int f : filters) {
            conv(net, f, 2);
        }
        return net.add(conv3x3(10, 2)).add(ai.djl.nn.Blocks.batchFlattenBlock());
    }

    private static SequentialBlock conv(SequentialBlock net, int filters, int stride) {
        return net.add(conv3x3(filters, stride)).add(Activation::relu);
    }

    private static SequentialBlock deconv(int filters) {
        return new SequentialBlock()
                .add(new LambdaBlock(
                        in -> {
                            Shape s = in.singletonOrThrow().getShape();
                            long[] twice = {2 * s.get(2), 2 * s.get(3)};
                            return new NDList(
                                    in.singletonOrThrow().getNDArrayInternal().interpolation(twice, NEAREST, false));
                        },
                        "upsample"))
                .add(conv3x3(filters, 1));
    }

    private static Conv2d conv3x3(int filters, int stride) {
        return Conv2d.builder()
                .setKernelShape(new Shape(3, 3))
                .optStride(new Shape(stride, stride))
                .optPadding(new Shape(1, 1))
                .setFilters(filters)
                .build();
    }

    private static Block pad(int n) {
        return new LambdaBlock(in -> new NDList(in.singletonOrThrow().pad(new Shape(n, n, n, n), 0)), "pad");
    }

    private static Block halved() {
        return Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2));
    }
}
