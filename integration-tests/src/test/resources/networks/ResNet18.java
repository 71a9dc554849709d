package networks;

import dev.tenon.annotations.*;
import dev.tenon.runtime.layer.*;
import java.util.List;

/**
 * ResNet-18 for ImageNet, as torchvision's {@code resnet18}. He, Zhang, Ren, Sun, "Deep Residual
 * Learning for Image Recognition", 2016.
 */
@Network(input = {3, 224, 224})
public interface ResNet18 {
  @Conv2d(out = 64, kernel = 7, stride = 2, padding = 3, bias = false) Weighted conv1();
  @BatchNorm2d BatchNorm bn1();
  @ReLU Layer relu();
  @MaxPool2d(kernel = 3, stride = 2, padding = 1) Layer maxpool();
  @Use(value = ResidualBlock.class, sizes = 64, repeat = 2) List<ResidualBlock> layer1();
  @Name("layer2.0") @Use(value = DownsampleBlock.class, sizes = 128) DownsampleBlock down2();
  @Name("layer2.1") @Use(value = ResidualBlock.class, sizes = 128) ResidualBlock layer2();
  @Name("layer3.0") @Use(value = DownsampleBlock.class, sizes = 256) DownsampleBlock down3();
  @Name("layer3.1") @Use(value = ResidualBlock.class, sizes = 256) ResidualBlock layer3();
  @Name("layer4.0") @Use(value = DownsampleBlock.class, sizes = 512) DownsampleBlock down4();
  @Name("layer4.1") @Use(value = ResidualBlock.class, sizes = 512) ResidualBlock layer4();
  @GlobalAvgPool Layer avgpool();
  @Linear(out = 1000) Weighted fc();
}
