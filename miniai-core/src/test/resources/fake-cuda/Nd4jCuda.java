package org.nd4j.linalg.jcublas.bindings;

public class Nd4jCuda {}
