package fake;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner;

public class BrokenExecutioner extends NativeOpExecutioner {
    @Override
    public INDArray exec(Op op) {
        throw new RuntimeException("no kernel image is available for execution on the device");
    }
}
