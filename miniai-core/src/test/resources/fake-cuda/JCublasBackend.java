package org.nd4j.linalg.jcublas;

import org.nd4j.common.io.ClassPathResource;
import org.nd4j.common.io.Resource;
import org.nd4j.linalg.cpu.nativecpu.CpuBackend;

public class JCublasBackend extends CpuBackend {
    @Override
    public int getPriority() {
        return BACKEND_PRIORITY_GPU;
    }

    @Override
    public Resource getConfigurationResource() {
        return Boolean.getBoolean("fake.broken")
                ? new ClassPathResource("/fake-cuda/broken.properties", JCublasBackend.class.getClassLoader())
                : super.getConfigurationResource();
    }
}
