/** Every layer in small networks: the same bits from every compiler and JDK, and no garbage. */
package dev.tenon.integration.soak;
