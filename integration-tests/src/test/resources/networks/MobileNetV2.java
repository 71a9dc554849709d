package networks;

import dev.tenon.annotations.*;
import dev.tenon.runtime.layer.*;
import java.util.List;

/**
 * MobileNetV2 of width 1, as torchvision's {@code mobilenet_v2}. Sandler, Howard, Zhu, Zhmoginov,
 * Chen, "MobileNetV2: Inverted Residuals and Linear Bottlenecks", 2018.
 */
@Network(input = {3, 224, 224})
public interface MobileNetV2 {
  @Name("features.0.0")
  @Conv2d(out = 32, kernel = 3, stride = 2, padding = 1, bias = false) Weighted stem();
  @Name("features.0.1") @BatchNorm2d BatchNorm stemNorm();
  @Name("features.0.2") @ReLU6 Layer stemRelu();
  @Name("features.1") @Use(value = SeparableBlock.class, sizes = {32, 16})
  SeparableBlock first();
  @Name("features.2") @Use(value = ExpandedBlock.class, sizes = {96, 24, 2})
  ExpandedBlock change2();
  @Name("features.3") @Use(value = InvertedResidual.class, sizes = {144, 24})
  InvertedResidual stage2();
  @Name("features.4") @Use(value = ExpandedBlock.class, sizes = {144, 32, 2})
  ExpandedBlock change3();
  @Name("features.5") @Use(value = InvertedResidual.class, sizes = {192, 32}, repeat = 2)
  List<InvertedResidual> stage3();
  @Name("features.7") @Use(value = ExpandedBlock.class, sizes = {192, 64, 2})
  ExpandedBlock change4();
  @Name("features.8") @Use(value = InvertedResidual.class, sizes = {384, 64}, repeat = 3)
  List<InvertedResidual> stage4();
  @Name("features.11") @Use(value = ExpandedBlock.class, sizes = {384, 96, 1})
  ExpandedBlock change5();
  @Name("features.12") @Use(value = InvertedResidual.class, sizes = {576, 96}, repeat = 2)
  List<InvertedResidual> stage5();
  @Name("features.14") @Use(value = ExpandedBlock.class, sizes = {576, 160, 2})
  ExpandedBlock change6();
  @Name("features.15") @Use(value = InvertedResidual.class, sizes = {960, 160}, repeat = 2)
  List<InvertedResidual> stage6();
  @Name("features.17") @Use(value = ExpandedBlock.class, sizes = {960, 320, 1})
  ExpandedBlock change7();
  @Name("features.18.0") @Conv2d(out = 1280, kernel = 1, bias = false) Weighted last();
  @Name("features.18.1") @BatchNorm2d BatchNorm lastNorm();
  @Name("features.18.2") @ReLU6 Layer lastRelu();
  @GlobalAvgPool Layer pool();
  @Name("classifier.0") @Dropout(p = 0.2) Layer drop();
  @Name("classifier.1") @Linear(out = 1000) Weighted classifier();
}
