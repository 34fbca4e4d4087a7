package dev.latentgauge.agent;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much memory of a device is in use; once that cannot be told, it is not asked for again. */
final class DeviceMemory {

  private static final Logger LOG = LoggerFactory.getLogger(DeviceMemory.class);

  private boolean isKnown = true;

  /** Bytes in use by all processes; absent for a device without memory of its own. */
  OptionalDouble used(Device device) {
    if (!isKnown || !device.isGpu()) {
      return OptionalDouble.empty();
    }
    try {
      return OptionalDouble.of((double) CudaUtils.getGpuMemory(device).getUsed());
    } catch (RuntimeException | LinkageError e) {
      LOG.debug("the memory of {} cannot be asked for", device, e);
      isKnown = false;
      return OptionalDouble.empty();
    }
  }
}
